package io.github.scyllapgcdc.source.log;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.event.SourcePosition;
import io.github.scyllapgcdc.schema.CqlTypes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;

/**
 * Decodes rows of one table's log. Rows are given in the log's order with {@link #read}, after which the row's place and, on
 * demand, its change can be asked for. Belongs to one thread.
 */
public final class LogDecoder {
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
     * The row's change, or the part that it has in one.
     *
     * @param readMillis now, milliseconds since 1970
     * @throws io.github.scyllapgcdc.schema.StaleTypeException if a value is of a newer definition of its type than the page
     */
    LogChange change(long readMillis) {
        ByteBuffer code = row.cell(layout.operation);
        int operation = code.get(code.position());
        try {
            return switch (operation) {
                case LogOperation.PREIMAGE -> LogChange.Image.INSTANCE;
                case LogOperation.POSTIMAGE -> layout.shape.keysOnly() ? postimage() : LogChange.Image.INSTANCE;
                case LogOperation.INSERT -> write(Operation.CREATE, readMillis);
                case LogOperation.UPDATE -> write(Operation.UPDATE, readMillis);
                case LogOperation.ROW_DELETE,
                        LogOperation.PARTITION_DELETE,
                        LogOperation.TTL_ROW_DELETE,
                        LogOperation.TTL_PARTITION_DELETE -> delete(readMillis);
                case LogOperation.RANGE_START_INCLUSIVE, LogOperation.RANGE_END_INCLUSIVE ->
                    rangeEnd(operation, true, readMillis);
                case LogOperation.RANGE_START_EXCLUSIVE, LogOperation.RANGE_END_EXCLUSIVE ->
                    rangeEnd(operation, false, readMillis);
                default -> undecodable(operation, LogOperation.name(operation) + " is not known");
            };
        } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException e) {
            return undecodable(operation, "a value is not of its column's type: " + e);
        }
    }

    /**
     * {@code INSERT INTO t (pk, ck, v) VALUES (1, 2, 3)} is one row of operation 2, {@code UPDATE t SET v = null …} one of
     * operation 1 with {@code cdc$deleted_v} true. A column that the statement did not name has neither value nor flag.
     * Static columns, which belong to a partition, have rows of their own without a clustering key, always of operation 1.
     */
    private LogChange write(Operation operation, long readMillis) {
        WrittenColumns written = new WrittenColumns(layout, row);
        boolean ofPartition = ofPartition();
        for (int column : ofPartition ? layout.staticColumns : layout.regularColumns) {
            written.read(column);
        }
        ChangeEvent event = new ChangeEvent(
                layout.schema,
                ofPartition ? Operation.UPDATE : operation,
                key(layout.key.length),
                written.values(),
                written.changed(),
                written.elements(),
                null,
                expiry(),
                source(readMillis));
        if (layout.shape.keysOnly() && written.changed().isEmpty()) {
            return new LogChange.KeyOnly(new LogChange.Change(event, partitionKey()), cells(layout.key.length));
        }
        return new LogChange.Change(
                event,
                partitionKey(),
                written.lists() == null ? null : new LogChange.Lists(written.lists(), cells(layout.key.length)));
    }

    private LogChange postimage() {
        Object[] values = new Object[layout.value.length];
        for (int column : ofPartition() ? layout.staticColumns : layout.regularColumns) {
            ByteBuffer bytes = row.cell(layout.value[column]);
            values[column] = bytes == null ? null : layout.valueReaders[column].read(bytes);
        }
        return new LogChange.Postimage(cells(layout.key.length), values);
    }

    private LogChange delete(long readMillis) {
        // Of a partition delete the clustering columns are null, and stay so in the event's key
        return new LogChange.Change(
                new ChangeEvent(
                        layout.schema,
                        Operation.DELETE,
                        key(layout.key.length),
                        null,
                        new BitSet(),
                        null,
                        null,
                        source(readMillis)),
                partitionKey());
    }

    /**
     * {@code DELETE FROM t WHERE pk = 1 AND ck >= 2 AND ck < 5} is a row of operation 5 with ck 2 and one of operation 8 with
     * ck 5. A side that nothing bounds has its row all the same, without clustering columns.
     */
    private LogChange rangeEnd(int operation, boolean inclusive, long readMillis) {
        int partitionKeySize = layout.schema.partitionKeySize();
        Object[] key = key(layout.key.length);
        Object[] prefix = Arrays.copyOfRange(key, partitionKeySize, key.length);
        boolean bounded = prefix.length > 0 && prefix[0] != null;
        return new LogChange.RangeEnd(
                operation,
                bounded ? new Range.Bound(prefix, inclusive) : null,
                cells(layout.key.length),
                source(readMillis));
    }

    private boolean ofPartition() {
        int partitionKeySize = layout.schema.partitionKeySize();
        return layout.key.length > partitionKeySize && row.cell(layout.key[partitionKeySize]) == null;
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
