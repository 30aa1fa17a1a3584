package io.github.scyllapgcdc.reconcile;

import java.util.Arrays;

/**
 * A row of either side.
 *
 * @param values of all columns, key columns first, as events carry them
 * @param content the canonical bytes of all columns
 */
@SuppressWarnings("ArrayRecordComponent") // rows are compared by content
record RowImage(RowKey key, Object[] values, byte[] content) {

    /** The hash of what it holds. */
    long hash() {
        return RowForm.hash(content, content.length);
    }

    /** Whether two rows, each of which may be missing, hold the same. */
    static boolean same(RowImage one, RowImage other) {
        return Arrays.equals(one == null ? null : one.content, other == null ? null : other.content);
    }
}
