package io.github.scyllapgcdc.source.log;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.SourcePosition;
import io.github.scyllapgcdc.schema.CqlTypes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;

/**
 * Decodes rows of one table's log. Rows are given in the log's order with {@link #read}, after which the row's place and, on
 * demand, its change can be asked for. Belongs to one thread.
 */
public final class LogDecoder {
    private static final String NOT_YET = " is not supported yet";

    private LogLayout layout;
    private LogRow row;
    private ByteBuffer streamBytes;
    private StreamId stream;
    private UUID time;
    private int sequence;

    public LogDecoder(LogLayout layout) {
        this.layout = layout;
    }

    /** Takes the layout for the rows that follow. */
    public void use(LogLayout newLayout) {
        this.layout = newLayout;
    }

    public LogLayout layout() {
        return layout;
    }

    /** Moves to a row. */
    public void read(LogRow newRow) {
        row = newRow;
        ByteBuffer bytes = newRow.cell(layout.stream);
        if (!bytes.equals(streamBytes)) {
            streamBytes = bytes;
            stream = StreamId.of(bytes);
        }
        time = LogTime.read(newRow.cell(layout.time));
        ByteBuffer number = newRow.cell(layout.sequence);
        sequence = number.getInt(number.position());
    }

    public StreamId stream() {
        return stream;
    }

    public UUID time() {
        return time;
    }

    public LogPosition position() {
        return new LogPosition(time, sequence);
    }

    /** Whether the row is the last of its mutation. Only there may a batch end. */
    public boolean endOfBatch() {
        ByteBuffer flag = row.cell(layout.endOfBatch);
        return flag != null && flag.get(flag.position()) != 0;
    }

    /**
     * The row's change.
     *
     * @param readMillis now, milliseconds since 1970
     */
    public LogChange change(long readMillis) {
        ByteBuffer code = row.cell(layout.operation);
        int operation = code.get(code.position());
        return switch (operation) {
            case LogOperation.PREIMAGE, LogOperation.POSTIMAGE -> LogChange.Image.INSTANCE;
            case LogOperation.INSERT -> write(operation, Operation.CREATE, readMillis);
            case LogOperation.UPDATE -> write(operation, Operation.UPDATE, readMillis);
            case LogOperation.ROW_DELETE, LogOperation.PARTITION_DELETE -> delete(operation, readMillis);
            default -> undecodable(operation, LogOperation.name(operation) + NOT_YET);
        };
    }

    /**
     * {@code INSERT INTO t (pk, ck, v) VALUES (1, 2, 3)} is one row of operation 2, {@code UPDATE t SET v = null …} one of
     * operation 1 with {@code cdc$deleted_v} true. A column that the statement did not name has neither value nor flag.
     */
    private LogChange write(int code, Operation operation, long readMillis) {
        int partitionKeySize = layout.schema.partitionKeySize();
        if (layout.key.length > partitionKeySize && row.cell(layout.key[partitionKeySize]) == null) {
            return undecodable(code, "a change of static columns" + NOT_YET);
        }
        try {
            Object[] key = key(layout.key.length);
            Object[] values = new Object[layout.value.length];
            BitSet changed = new BitSet(values.length);
            for (int i = 0; i < values.length; i++) {
                ByteBuffer bytes = row.cell(layout.value[i]);
                if (bytes != null) {
                    values[i] = layout.valueReaders[i].read(bytes);
                    changed.set(i);
                } else if (row.cell(layout.deleted[i]) != null) {
                    changed.set(i);
                }
            }
            return new LogChange.Change(
                    new ChangeEvent(layout.schema, operation, key, values, changed, null, expiry(), source(readMillis)),
                    partitionKey());
        } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException e) {
            return undecodable(code, "a value is not of its column's type: " + e);
        }
    }

    private LogChange delete(int code, long readMillis) {
        try {
            // Of a partition delete the clustering columns are null, and stay so in the event's key
            Object[] key = key(layout.key.length);
            return new LogChange.Change(
                    new ChangeEvent(
                            layout.schema, Operation.DELETE, key, null, new BitSet(), null, null, source(readMillis)),
                    partitionKey());
        } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException e) {
            return undecodable(code, "a value is not of its column's type: " + e);
        }
    }

    private LogChange undecodable(int operation, String reason) {
        return new LogChange.Undecodable(changeId(), operation, cells(layout.key.length), reason);
    }

    private Object[] key(int size) {
        Object[] key = new Object[size];
        for (int i = 0; i < size; i++) {
            ByteBuffer bytes = row.cell(layout.key[i]);
            CqlTypes.Reader reader = layout.keyReaders[i];
            key[i] = bytes == null ? null : reader.read(bytes);
        }
        return key;
    }

    private List<ByteBuffer> partitionKey() {
        return cells(layout.schema.partitionKeySize());
    }

    private List<ByteBuffer> cells(int keyColumns) {
        List<ByteBuffer> cells = new ArrayList<>(keyColumns);
        for (int i = 0; i < keyColumns; i++) {
            cells.add(row.cell(layout.key[i]));
        }
        return cells;
    }

    /** The delta's own TTL counts from its write. */
    private Long expiry() {
        ByteBuffer bytes = row.cell(layout.ttl);
        return bytes == null ? null : LogTime.millis(time) + 1000L * bytes.getLong(bytes.position());
    }

    private SourcePosition source(long readMillis) {
        return new SourcePosition(LogTime.micros(time), stream.hex(), changeId(), readMillis);
    }

    private String changeId() {
        return stream.hex() + ':' + time + ':' + sequence;
    }
}
