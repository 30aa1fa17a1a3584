package io.github.scyllapgcdc.reconcile;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is on record of a table after all of its runs, whichever instance did them.
 *
 * @param table {@code <keyspace>.<table>}
 * @param differences rows that were found to differ and not found equal since, by type; each type is there
 * @param lastEqual when the last run ended that left no difference; empty if none did
 */
public record TableStanding(String table, Map<Discrepancy, Long> differences, Optional<Instant> lastEqual) {
    public TableStanding {
        differences = Map.copyOf(differences);
    }
}
