package io.github.scyllapgcdc.config;

import java.time.Duration;

/**
 * How changes are applied to PostgreSQL.
 *
 * @param batchSize most changes of one Postgres transaction ({@code sink.batch.size})
 * @param linger how long a batch waits to fill up ({@code sink.linger.ms})
 * @param maxRetries attempts after the first, of an error that may pass; -1: for as long as it takes ({@code
 *     sink.max.retries})
 * @param retryBackoff pause before the first retry, doubled for each further one ({@code sink.retry.backoff.ms})
 * @param retryBackoffMax longest pause ({@code sink.retry.backoff.max.ms})
 * @param maxPollInterval how long Kafka waits for a stuck consumer before another takes its partitions; no statement or
 *     idle transaction outlives half of it ({@code sink.max.poll.interval.ms})
 * @param autoCreate whether missing tables are created ({@code sink.auto.create})
 * @param schemaEvolution what may be done to tables that lack what events carry ({@code sink.schema.evolution})
 * @param ttl whether what has a time to live is removed when it is over ({@code sink.ttl})
 * @param textNul what becomes of text with U+0000 outside keys ({@code sink.text.nul})
 * @param timeRange what becomes of instants and dates outside keys that lie beyond Postgres' range ({@code
 *     sink.time.range})
 * @param maxConsecutiveErrors records in a row that may be dead letters before the table stops; -1: any number ({@code
 *     sink.errors.max-consecutive})
 * @param onGap what follows when records are gone before they were applied ({@code sink.on-gap})
 * @param tableNameFormat the Postgres table of a topic; {@code ${topic}} stands for its name ({@code
 *     sink.table.name.format})
 */
public record SinkConfig(
        int batchSize,
        Duration linger,
        int maxRetries,
        Duration retryBackoff,
        Duration retryBackoffMax,
        Duration maxPollInterval,
        boolean autoCreate,
        SchemaEvolution schemaEvolution,
        Ttl ttl,
        TextNul textNul,
        TimeRange timeRange,
        int maxConsecutiveErrors,
        OnGap onGap,
        String tableNameFormat) {

    /** What may be done to a table. */
    public enum SchemaEvolution {
        /** Nothing: a table that lacks what events carry is stopped. */
        NONE,
        /** Columns are added, and widened where that loses nothing. */
        ADDITIVE
    }

    /** What a time to live leads to. */
    public enum Ttl {
        /** Rows and values go when the source lets them go. */
        APPLY,
        /** They stay. */
        IGNORE
    }

    /** What becomes of U+0000, which Postgres' text cannot hold. */
    public enum TextNul {
        /** The character is left out. */
        STRIP,
        /** The change is dead-lettered. */
        REJECT
    }

    /** What becomes of an instant or date that Postgres does not have. */
    public enum TimeRange {
        /** {@code infinity} or {@code -infinity}. */
        INFINITY,
        /** The change is dead-lettered. */
        REJECT
    }

    /** What follows when records are gone before they were applied. */
    public enum OnGap {
        /** The table stops and says what to do. */
        STOP,
        /** The source is asked to load the table again, and what is left of the topic is applied. */
        RELOAD
    }

    public SinkConfig {
        Limits.between("sink.batch.size", batchSize, 1, 100_000, "changes");
        Limits.between("sink.linger.ms", linger, 1, 60_000);
        Limits.between("sink.max.retries", maxRetries, -1, Integer.MAX_VALUE, "(-1: for as long as it takes)");
        Limits.between("sink.retry.backoff.ms", retryBackoff, 1, 3_600_000);
        Limits.between("sink.retry.backoff.max.ms", retryBackoffMax, retryBackoff.toMillis(), 3_600_000);
        Limits.between("sink.max.poll.interval.ms", maxPollInterval, 5_000, 86_400_000);
        Limits.between("sink.errors.max-consecutive", maxConsecutiveErrors, -1, Integer.MAX_VALUE, "(-1: any number)");
        if (!tableNameFormat.contains("${topic}")) {
            throw ConfigurationException.refused(
                    "sink.table.name.format",
                    tableNameFormat,
                    "a name that holds ${topic}, or all tables would become one");
        }
    }

    static SinkConfig of(Settings settings) {
        return new SinkConfig(
                settings.integer("sink.batch.size", 3000),
                settings.millis("sink.linger.ms", 100),
                settings.integer("sink.max.retries", -1),
                settings.millis("sink.retry.backoff.ms", 500),
                settings.millis("sink.retry.backoff.max.ms", 30_000),
                settings.millis("sink.max.poll.interval.ms", 300_000),
                settings.bool("sink.auto.create", true),
                settings.choice("sink.schema.evolution", SchemaEvolution.ADDITIVE),
                settings.choice("sink.ttl", Ttl.APPLY),
                settings.choice("sink.text.nul", TextNul.REJECT),
                settings.choice("sink.time.range", TimeRange.REJECT),
                settings.integer("sink.errors.max-consecutive", 1000),
                settings.choice("sink.on-gap", OnGap.STOP),
                settings.text("sink.table.name.format", "${topic}"));
    }
}
