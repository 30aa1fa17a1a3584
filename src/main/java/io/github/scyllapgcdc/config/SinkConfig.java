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
 * @param autoEvolve whether columns are added and widened ({@code sink.auto.evolve})
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
        boolean autoEvolve,
        String tableNameFormat) {

    public SinkConfig {
        Limits.between("sink.batch.size", batchSize, 1, 100_000, "changes");
        Limits.between("sink.linger.ms", linger, 1, 60_000);
        Limits.between("sink.max.retries", maxRetries, -1, Integer.MAX_VALUE, "(-1: for as long as it takes)");
        Limits.between("sink.retry.backoff.ms", retryBackoff, 1, 3_600_000);
        Limits.between("sink.retry.backoff.max.ms", retryBackoffMax, retryBackoff.toMillis(), 3_600_000);
        Limits.between("sink.max.poll.interval.ms", maxPollInterval, 5_000, 86_400_000);
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
                settings.bool("sink.auto.evolve", true),
                settings.text("sink.table.name.format", "${topic}"));
    }
}
