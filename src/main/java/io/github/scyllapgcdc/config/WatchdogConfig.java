package io.github.scyllapgcdc.config;

import java.time.Duration;

/**
 * When a route counts as hanging.
 *
 * @param stall how long a running route may be behind and get nothing done before it is restarted ({@code watchdog.stall.ms})
 * @param maxRestarts restarts in vain, one after the other, before the route is stopped ({@code watchdog.max-restarts})
 */
public record WatchdogConfig(Duration stall, int maxRestarts) {
    public WatchdogConfig {
        Limits.between("watchdog.stall.ms", stall, 1_000, 86_400_000);
        Limits.between("watchdog.max-restarts", maxRestarts, 0, 1_000_000, "restarts");
    }

    static WatchdogConfig of(Settings settings, SinkConfig sink) {
        WatchdogConfig config = new WatchdogConfig(
                settings.millis("watchdog.stall.ms", 360_000), settings.integer("watchdog.max-restarts", 5));
        if (config.stall().compareTo(sink.maxPollInterval()) <= 0) {
            throw ConfigurationException.refused(
                    "watchdog.stall.ms",
                    Long.toString(config.stall().toMillis()),
                    "more than sink.max.poll.interval.ms="
                            + sink.maxPollInterval().toMillis()
                            + ", within which a sink ends what takes too long by itself");
        }
        return config;
    }
}
