package io.github.scyllapgcdc.metrics;

import io.github.scyllapgcdc.event.Operation;

/** Changes and their bytes by operation, as a batch gathers. Belongs to one thread. */
public final class Tally {
    private final long[] changes = new long[Operation.values().length];
    private final long[] bytes = new long[Operation.values().length];

    /** One more change. */
    public void add(Operation operation, long size) {
        changes[operation.ordinal()]++;
        bytes[operation.ordinal()] += size;
    }

    long changes(Operation operation) {
        return changes[operation.ordinal()];
    }

    long bytes(Operation operation) {
        return bytes[operation.ordinal()];
    }
}
