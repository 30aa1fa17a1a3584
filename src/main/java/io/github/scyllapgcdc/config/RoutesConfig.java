package io.github.scyllapgcdc.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the tables' route files are.
 *
 * @param tables folder of one file a replicated table ({@code routes.tables.directory}); relative to the working
 *     directory
 * @param scanInterval how often the folder is looked at besides what the file system tells ({@code
 *     routes.tables.scan.interval.ms}), for mounts that tell nothing
 * @param restartBackoff first pause before a route that failed to start is started again ({@code
 *     routes.restart.backoff.ms}), doubled up to 30 s
 */
public record RoutesConfig(Path tables, Duration scanInterval, Duration restartBackoff) {
    private static final Duration SHORTEST_PERIOD = Duration.ofSeconds(1);
    private static final Duration LONGEST_PERIOD = Duration.ofDays(365);

    public RoutesConfig {
        Limits.between("routes.tables.scan.interval.ms", scanInterval, 50, 60_000);
        Limits.between("routes.restart.backoff.ms", restartBackoff, 50, 30_000);
    }

    public static RoutesConfig of(Settings settings) {
        checkSchedule(settings);
        Limits.between(
                "connectors.poll.interval.ms", settings.millis("connectors.poll.interval.ms", 1000), 100, 60_000);
        return new RoutesConfig(
                Path.of(settings.text("routes.tables.directory", "routes/tables")),
                settings.millis("routes.tables.scan.interval.ms", 1000),
                settings.millis("routes.restart.backoff.ms", 1000));
    }

    /** What the tables' files name in their timers: a wrong value ends the start here, rather than each of the files there. */
    private static void checkSchedule(Settings settings) {
        boolean scheduled = settings.bool("reconcile.scheduled", true);
        Duration period =
                settings.millis("reconcile.period.ms", Duration.ofDays(1).toMillis());
        if (scheduled) {
            Limits.between("reconcile.period.ms", period, SHORTEST_PERIOD.toMillis(), LONGEST_PERIOD.toMillis());
        }
    }
}
