package io.github.scyllapgcdc.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What the sink of one topic measures. For any thread. */
public final class SinkMeters extends TableMeters {
    private final Counter applied;
    private final Counter repeated;
    private final Counter poison;
    private final Counter rebalances;
    private final Map<SchemaChange, Counter> schemaChanges = new EnumMap<>(SchemaChange.class);
    private final Latencies.OfTable latencies;

    /** What was done to a target table so that it holds what events carry. */
    public enum SchemaChange {
        CREATE,
        ADD_COLUMN,
        WIDEN_COLUMN
    }

    SinkMeters(MeterRegistry registry, String table, Latencies.OfTable latencies) {
        super(registry, table, "sink", "applied", Stage.FOLD, Stage.APPLY, Stage.COMMIT);
        applied = outcome("applied");
        repeated = outcome("repeated");
        poison = outcome("poison");
        rebalances = counter("cdc.sink.rebalances", "Times that a consumer of this process was assigned partitions");
        for (SchemaChange change : SchemaChange.values()) {
            schemaChanges.put(
                    change,
                    counter(
                            "cdc.sink.schema.changes",
                            "Statements that created or widened the target table",
                            "kind",
                            change.name().toLowerCase(Locale.ROOT)));
        }
        this.latencies = latencies;
    }

    private Counter outcome(String outcome) {
        return counter("cdc.sink.records", "Records by what became of them", "outcome", outcome);
    }

    /**
     * A transaction was committed.
     *
     * @param commitNanos how long the commit took
     */
    public void committed(AppliedChanges changes, long commitNanos) {
        time(Stage.FOLD, changes.foldNanos());
        time(Stage.APPLY, changes.applyNanos());
        time(Stage.COMMIT, commitNanos);
        count(changes.tally(), changes.records());
        applied.increment((double) changes.applied());
        repeated.increment((double) changes.repeatedRecords());
        poison.increment((double) changes.poisonRecords());
        latencies.add(changes.writtenMicros(), System.currentTimeMillis() * 1000);
    }

    /** A consumer was assigned partitions. */
    public void rebalanced() {
        rebalances.increment();
    }

    /** The target table was changed. */
    public void schemaChanged(SchemaChange change) {
        schemaChanges.get(change).increment();
    }
}
