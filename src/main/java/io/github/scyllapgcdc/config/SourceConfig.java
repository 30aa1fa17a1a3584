package io.github.scyllapgcdc.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How the CDC log is read.
 *
 * @param enabled false makes this instance a sink only: its source routes are not started ({@code source.enabled})
 * @param snapshot whether existing rows are loaded first ({@code source.snapshot})
 * @param maxClockSkew how far writers' clocks may be apart ({@code source.max-clock-skew.ms})
 * @param confidenceWindow nothing newer than now minus this is final; empty: the cluster's write timeout plus the skew
 *     ({@code source.confidence-window.ms})
 * @param pollInterval pause between looks at a log that had nothing new ({@code source.poll.interval.ms})
 * @param batchSize most changes of one Kafka transaction ({@code source.batch.size})
 * @param batchLinger how long a batch waits to fill up ({@code source.batch.linger.ms})
 * @param readParallelism log queries under way at once, a task ({@code source.read.parallelism})
 * @param pageSize log rows of one page ({@code source.read.page-size})
 * @param maxRestarts failures in a row after which a task stays stopped, -1 for none ({@code source.max.restarts})
 */
public record SourceConfig(
        boolean enabled,
        Snapshot snapshot,
        Duration maxClockSkew,
        Optional<Duration> confidenceWindow,
        Duration pollInterval,
        int batchSize,
        Duration batchLinger,
        int readParallelism,
        int pageSize,
        int maxRestarts) {

    public SourceConfig {
        Limits.between("source.max-clock-skew.ms", maxClockSkew, 0, 600_000);
        confidenceWindow.ifPresent(window -> Limits.between("source.confidence-window.ms", window, 0, 3_600_000));
        Limits.between("source.poll.interval.ms", pollInterval, 1, 60_000);
        Limits.between("source.batch.size", batchSize, 1, 100_000, "changes");
        Limits.between("source.batch.linger.ms", batchLinger, 0, 10_000);
        Limits.between("source.read.parallelism", readParallelism, 1, 256, "queries");
        Limits.between("source.read.page-size", pageSize, 1, 100_000, "rows");
        Limits.between("source.max.restarts", maxRestarts, -1, 1_000_000, "restarts");
    }

    static SourceConfig of(Settings settings) {
        return new SourceConfig(
                settings.bool("source.enabled", true),
                snapshot(settings),
                settings.millis("source.max-clock-skew.ms", 1000),
                settings.optionalMillis("source.confidence-window.ms"),
                settings.millis("source.poll.interval.ms", 100),
                settings.integer("source.batch.size", 5000),
                settings.millis("source.batch.linger.ms", 20),
                settings.integer("source.read.parallelism", 8),
                settings.integer("source.read.page-size", 2000),
                settings.integer("source.max.restarts", -1));
    }

    private static Snapshot snapshot(Settings settings) {
        String value = settings.text("source.snapshot", "initial");
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "initial" -> Snapshot.INITIAL;
            case "never" -> Snapshot.NEVER;
            default -> throw ConfigurationException.refused("source.snapshot", value, "initial or never");
        };
    }
}
