package io.github.scyllapgcdc.reconcile;

import java.util.Arrays;

/** A row that was not equal on both sides when it was looked at, which says little as long as the pipeline moves. */
final class Suspect {
    private final RowKey key;
    private byte[] content;
    private Moment read;
    private int rounds;

    /**
     * A row to look at.
     *
     * @param content what ScyllaDB had, null for no row
     * @param read when that was
     */
    Suspect(RowKey key, byte[] content, Moment read) {
        this.key = key;
        this.content = content;
        this.read = read;
    }

    RowKey key() {
        return key;
    }

    Moment read() {
        return read;
    }

    /** Whether ScyllaDB has again what it had. */
    boolean isStill(RowImage now) {
        return Arrays.equals(content, now == null ? null : now.content());
    }

    /** Begins anew, with what ScyllaDB has by now; returns how often that was done. */
    int again(RowImage now, Moment newlyRead) {
        content = now == null ? null : now.content();
        read = newlyRead;
        return ++rounds;
    }
}
