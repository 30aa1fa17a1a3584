package io.github.scyllapgcdc.reconcile;

import java.util.Arrays;

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

    /** So many differences of one kind each. */
    static Counts of(Iterable<Finding> findings) {
        long[] counts = new long[Discrepancy.values().length];
        Arrays.fill(counts, 0);
        long undetermined = 0;
        for (Finding finding : findings) {
            if (!finding.determined()) {
                undetermined++;
            } else if (!finding.equal()) {
                counts[finding.type().ordinal()]++;
            }
        }
        return new Counts(
                counts[Discrepancy.MISSING.ordinal()],
                counts[Discrepancy.MISMATCH.ordinal()],
                counts[Discrepancy.EXTRA.ordinal()],
                undetermined,
                0);
    }
}
