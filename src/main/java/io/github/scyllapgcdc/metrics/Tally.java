package io.github.scyllapgcdc.metrics;

import io.github.scyllapgcdc.event.Operation;
import java.util.EnumMap;
import java.util.Map;

/** Changes and their bytes by operation, as a batch gathers. Belongs to one thread. */
public final class Tally {
    private final Map<Operation, Sums> sums = new EnumMap<>(Operation.class);

    private static final class Sums {
        private long changes;
        private long bytes;
    }

    public Tally() {
        for (Operation operation : Operation.values()) {
            sums.put(operation, new Sums());
        }
    }

    /** One more change. */
    public void add(Operation operation, long size) {
        Sums sum = sums.get(operation);
        sum.changes++;
        sum.bytes += size;
    }

    long changes(Operation operation) {
        return sums.get(operation).changes;
    }

    long bytes(Operation operation) {
        return sums.get(operation).bytes;
    }
}
