package io.github.scyllapgcdc.source.log;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.schema.CqlTypes;
import java.util.Arrays;
import java.util.List;

/**
 * Where each column of the table stands in a row of its log, and how its bytes are read. It fits exactly one list of log
 * columns: a page whose columns differ needs another layout, since the table's schema changed in between.
 */
public final class LogLayout {
    final EventSchema schema;
    final int stream;
    final int time;
    final int sequence;
    final int operation;
    final int ttl;
    final int endOfBatch;
    final int[] key;
    final int[] value;
    final int[] deleted;
    final CqlTypes.Reader[] keyReaders;
    final CqlTypes.Reader[] valueReaders;
    private final List<LogColumn> columns;

    /**
     * A layout.
     *
     * @param columns the log's columns, in the order its rows have them
     * @throws IllegalArgumentException if the log lacks a column of the table, or has one the table lacks
     */
    public LogLayout(EventSchema schema, List<LogColumn> columns) {
        this.schema = schema;
        this.columns = List.copyOf(columns);
        this.stream = index(LogColumns.STREAM_ID);
        this.time = index(LogColumns.TIME);
        this.sequence = index(LogColumns.BATCH_SEQ_NO);
        this.operation = index(LogColumns.OPERATION);
        this.ttl = index(LogColumns.TTL);
        this.endOfBatch = index(LogColumns.END_OF_BATCH);
        this.key = indices(schema.keyColumns(), "");
        this.value = indices(schema.valueColumns(), "");
        this.deleted = indices(schema.valueColumns(), LogColumns.DELETED_PREFIX);
        this.keyReaders = readers(key);
        this.valueReaders = readers(value);
        long ofTheTable =
                columns.stream().filter(c -> !c.name().startsWith("cdc$")).count();
        if (ofTheTable != key.length + value.length) {
            throw new IllegalArgumentException("the log of " + schema.table() + " has columns that the table lacks");
        }
    }

    /** The table's shape that this layout reads into. */
    public EventSchema schema() {
        return schema;
    }

    /** Whether rows with these columns can be read with this layout. */
    public boolean fits(List<LogColumn> other) {
        return columns.equals(other);
    }

    private int index(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("the log of " + schema.table() + " has no column " + column);
    }

    private int[] indices(List<EventColumn> of, String prefix) {
        return of.stream().mapToInt(c -> index(prefix + c.name())).toArray();
    }

    private CqlTypes.Reader[] readers(int[] indices) {
        return Arrays.stream(indices)
                .mapToObj(index -> CqlTypes.reader(columns.get(index).type()))
                .toArray(CqlTypes.Reader[]::new);
    }
}
