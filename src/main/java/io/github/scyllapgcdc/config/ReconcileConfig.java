package io.github.scyllapgcdc.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much a reconciliation asks of the servers, and of the pipeline.
 *
 * @param maxRowsPerSecond rows that are read from each side a second, 0 for as fast as it goes ({@code
 *     reconcile.max-rows-per-second})
 * @param parallelism token ranges that are read side by side ({@code reconcile.parallelism})
 * @param consistency the level of ScyllaDB's reads, which must see every acknowledged write ({@code reconcile.consistency})
 * @param rounds how often a row that changes each time is looked at ({@code reconcile.rounds})
 * @param lagTimeout how long the pipeline is waited for to pass the moment at which ScyllaDB was read ({@code
 *     reconcile.lag-timeout.ms})
 * @param maxLogged differences of one run that are logged row by row; more are only counted ({@code reconcile.max-logged})
 */
public record ReconcileConfig(
        int maxRowsPerSecond, int parallelism, String consistency, int rounds, Duration lagTimeout, int maxLogged) {
    private static final Set<String> CONSISTENCIES = Set.of("ONE", "LOCAL_ONE", "QUORUM", "LOCAL_QUORUM", "ALL");

    public ReconcileConfig {
        Limits.between("reconcile.max-rows-per-second", maxRowsPerSecond, 0, 100_000_000, "rows");
        Limits.between("reconcile.parallelism", parallelism, 1, 256, "queries");
        if (!CONSISTENCIES.contains(consistency)) {
            throw ConfigurationException.refused(
                    "reconcile.consistency", consistency, String.join(", ", new TreeSet<>(CONSISTENCIES)));
        }
        Limits.between("reconcile.rounds", rounds, 2, 100, "rounds");
        Limits.between("reconcile.lag-timeout.ms", lagTimeout, 1_000, 86_400_000);
        Limits.between("reconcile.max-logged", maxLogged, 1, 100_000_000, "rows");
    }

    static ReconcileConfig of(Settings settings) {
        return new ReconcileConfig(
                settings.integer("reconcile.max-rows-per-second", 0),
                settings.integer("reconcile.parallelism", 4),
                settings.text("reconcile.consistency", "QUORUM").toUpperCase(Locale.ROOT),
                settings.integer("reconcile.rounds", 5),
                settings.millis("reconcile.lag-timeout.ms", 120_000),
                settings.integer("reconcile.max-logged", 100_000));
    }
}
