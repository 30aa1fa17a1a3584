package io.github.scyllapgcdc.source.load;

import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.SourcePosition;
import io.github.scyllapgcdc.source.log.LogChange;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes events of rows as they were read: of each partition the static columns first, in an event of their own, then its rows.
 * What was read carries no expiry, for a row's columns may have been written with different ones; columns that expire are
 * published once more, right behind, one event for each moment. Belongs to one thread.
 */
public final class RowEvents {
    private final RowLayout layout;
    private final Ids ids;
    private final Target target;
    private final boolean emptyStatics;
    private List<ByteBuffer> partition;

    /** Where the events of a row go; those of one call belong together. */
    public interface Target {
        void change(LogChange.Change change);

        /** A row that can't be read into an event. */
        void unreadable(String changeId, List<ByteBuffer> key, String reason);
    }

    /** Names each event. */
    @FunctionalInterface
    public interface Ids {
        String next();
    }

    /**
     * Events for one run of rows.
     *
     * @param emptyStatics whether static columns are published even if all of them are null, because readers may have them
     *     otherwise
     */
    public RowEvents(RowLayout layout, Ids ids, Target target, boolean emptyStatics) {
        this.layout = layout;
        this.ids = ids;
        this.target = target;
        this.emptyStatics = emptyStatics;
    }

    /**
     * Takes the next row; rows of one partition come together.
     *
     * @param readMillis when it was read, milliseconds since 1970
     */
    public void row(Row row, long readMillis) {
        List<ByteBuffer> key = cells(row);
        List<ByteBuffer> ofPartition = key.subList(0, layout.schema.partitionKeySize());
        try {
            Object[] keyValues = key(key);
            if (!layout.statics.isEmpty() && !ofPartition.equals(partition)) {
                statics(row, keyValues, ofPartition, readMillis);
            }
            partition = ofPartition;
            if (!layout.hasClustering() || key.get(ofPartition.size()) != null) {
                BitSet columns = new BitSet();
                columns.set(0, layout.valueReaders.length);
                columns.andNot(layout.statics);
                read(row, keyValues, columns, ofPartition, readMillis);
            }
        } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException e) {
            target.unreadable(ids.next(), key, "a value is not of its column's type: " + e);
        }
    }

    private void statics(Row row, Object[] rowKey, List<ByteBuffer> ofPartition, long readMillis) {
        boolean any = layout.statics.stream().anyMatch(i -> row.getBytesUnsafe(layout.keySize() + i) != null);
        if (any || emptyStatics) {
            Object[] partitionKey = new Object[rowKey.length];
            System.arraycopy(rowKey, 0, partitionKey, 0, layout.schema.partitionKeySize());
            read(row, partitionKey, layout.statics, ofPartition, readMillis);
        }
    }

    private void read(Row row, Object[] key, BitSet columns, List<ByteBuffer> ofPartition, long readMillis) {
        Object[] values = new Object[layout.valueReaders.length];
        SortedMap<Integer, BitSet> expiring = new TreeMap<>();
        for (int i = columns.nextSetBit(0); i >= 0; i = columns.nextSetBit(i + 1)) {
            ByteBuffer bytes = row.getBytesUnsafe(layout.keySize() + i);
            if (bytes != null) {
                values[i] = layout.valueReaders[i].read(bytes);
                ByteBuffer ttl = layout.ttl[i] < 0 ? null : row.getBytesUnsafe(layout.ttl[i]);
                if (ttl != null) {
                    expiring.computeIfAbsent(ttl.getInt(ttl.position()), seconds -> new BitSet())
                            .set(i);
                }
            }
        }
        publish(Operation.READ, key, values, null, null, ofPartition, readMillis);
        for (Map.Entry<Integer, BitSet> entry : expiring.entrySet()) {
            Object[] written = new Object[values.length];
            entry.getValue().stream().forEach(i -> written[i] = values[i]);
            publish(
                    Operation.UPDATE,
                    key,
                    written,
                    entry.getValue(),
                    readMillis + 1000L * entry.getKey(),
                    ofPartition,
                    readMillis);
        }
    }

    /**
     * Says that a row, or a partition, is not there.
     *
     * @param key as CQL serialises it; without the clustering columns for a whole partition
     */
    public void absent(List<ByteBuffer> key, long readMillis) {
        publish(
                Operation.DELETE,
                key(key),
                null,
                new BitSet(),
                null,
                key.subList(0, layout.schema.partitionKeySize()),
                readMillis);
    }

    private void publish(
            Operation op,
            Object[] key,
            Object[] values,
            BitSet changed,
            Long expiresAtMillis,
            List<ByteBuffer> ofPartition,
            long readMillis) {
        SourcePosition source = new SourcePosition(readMillis * 1000, "", ids.next(), readMillis);
        target.change(new LogChange.Change(
                new ChangeEvent(layout.schema, op, key, values, changed, null, expiresAtMillis, source), ofPartition));
    }

    private Object[] key(List<ByteBuffer> cells) {
        Object[] key = new Object[layout.keySize()];
        for (int i = 0; i < cells.size(); i++) {
            ByteBuffer bytes = cells.get(i);
            key[i] = bytes == null ? null : layout.keyReaders[i].read(bytes);
        }
        return key;
    }

    private List<ByteBuffer> cells(Row row) {
        List<ByteBuffer> cells = new ArrayList<>(layout.keySize());
        for (int i = 0; i < layout.keySize(); i++) {
            cells.add(row.getBytesUnsafe(i));
        }
        return cells;
    }
}
