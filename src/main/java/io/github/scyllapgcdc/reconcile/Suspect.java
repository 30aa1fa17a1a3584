package io.github.scyllapgcdc.reconcile;

/** A row that was not equal on both sides when it was looked at, which says little as long as the pipeline moves. */
final class Suspect {
    private final RowKey key;
    private boolean there;
    private long hash;
    private Moment read;
    private int rounds;

    /**
     * A row to look at.
     *
     * @param row what ScyllaDB had, null for no row
     * @param read when that was
     */
    Suspect(RowKey key, RowImage row, Moment read) {
        this.key = key;
        had(row, read);
    }

    private void had(RowImage row, Moment when) {
        there = row != null;
        hash = there ? row.hash() : 0;
        read = when;
    }

    RowKey key() {
        return key;
    }

    Moment read() {
        return read;
    }

    /** Whether ScyllaDB has again what it had. */
    boolean isStill(RowImage now) {
        return now == null ? !there : there && now.hash() == hash;
    }

    /** Begins anew, with what ScyllaDB has by now; returns how often that was done. */
    int again(RowImage now, Moment newlyRead) {
        had(now, newlyRead);
        return ++rounds;
    }
}
