package io.github.scyllapgcdc.reconcile;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run counted.
 *
 * @param undetermined rows of which nothing can be said
 * @param repaired differences that are equal again
 */
record Counts(long missing, long mismatch, long extra, long undetermined, long repaired) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    Counts plus(Counts more) {
        return new Counts(
                missing + more.missing,
                mismatch + more.mismatch,
                extra + more.extra,
                undetermined + more.undetermined,
                repaired + more.repaired);
    }

    long differences() {
        return missing + mismatch + extra;
    }

    long left() {
        return differences() - repaired;
    }

    /** So many differences of each type. */
    static Counts of(Collection<Finding> differences) {
        Map<Discrepancy, Long> byType =
                differences.stream().collect(Collectors.groupingBy(Finding::type, Collectors.counting()));
        return new Counts(
                byType.getOrDefault(Discrepancy.MISSING, 0L),
                byType.getOrDefault(Discrepancy.MISMATCH, 0L),
                byType.getOrDefault(Discrepancy.EXTRA, 0L),
                0,
                0);
    }
}
