package io.github.scyllapgcdc.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the source of one table measures, all its tasks together. For any thread. */
public final class SourceMeters extends TableMeters {
    private final Counter schemaChanges;

    SourceMeters(MeterRegistry registry, String table) {
        super(registry, table, "source", "published", Stage.READ, Stage.ENCODE, Stage.PRODUCE);
        schemaChanges = counter("cdc.source.schema.changes", "Times that the source's table was found to have changed");
    }

    /**
     * A page was read and made into records.
     *
     * @param readNanos how long it was waited for
     * @param encodeNanos how long it took to make records of it
     */
    public void read(long readNanos, long encodeNanos) {
        time(Stage.READ, readNanos);
        time(Stage.ENCODE, encodeNanos);
    }

    /**
     * A transaction was committed.
     *
     * @param records with checkpoints and dead letters
     * @param nanos how long it took
     */
    public void published(Tally tally, int records, long nanos) {
        time(Stage.PRODUCE, nanos);
        count(tally, records);
    }

    /** The table's columns are others than before. */
    public void schemaChanged() {
        schemaChanges.increment();
    }
}
