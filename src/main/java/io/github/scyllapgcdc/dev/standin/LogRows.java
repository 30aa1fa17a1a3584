package io.github.scyllapgcdc.dev.standin;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.cassandra.db.Clustering;
import org.apache.cassandra.db.DecoratedKey;
import org.apache.cassandra.db.LivenessInfo;
import org.apache.cassandra.db.marshal.CompositeType;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.db.rows.BTreeRow;
import org.apache.cassandra.db.rows.BufferCell;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.schema.ColumnMetadata;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.utils.ByteBufferUtil;
import org.apache.cassandra.utils.FBUtilities;
import org.apache.cassandra.utils.TimeUUID;

/**
 * Makes the log rows of one write. But for images they are a function of the write alone: the bits of {@code cdc$time} that are
 * random in Scylla are a hash of the write here, so that a write replayed from the commit log gets the log rows it had.
 */
final class LogRows {
    private static final ByteBuffer TRUE = ByteBuffer.wrap(new byte[] {1});
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final LogLayout layout;
    private final PartitionUpdate.Builder rows;
    private final ByteBuffer[] partitionKey;
    private final long nowSeconds = FBUtilities.nowInSeconds();

    private LogRows(LogLayout layout, PartitionUpdate.Builder rows, ByteBuffer[] partitionKey) {
        this.layout = layout;
        this.rows = rows;
        this.partitionKey = partitionKey;
    }

    /**
     * The update of the log table that {@code update} of its base table makes, or null when it makes none.
     *
     * @param withImages whether the table's images are made, which needs that {@code update} has not been stored yet
     */
    static PartitionUpdate of(
            PartitionUpdate update, LogLayout layout, StreamGeneration generation, boolean withImages) {
        List<Delta> deltas = Deltas.of(update, layout);
        if (deltas.isEmpty()) {
            return null;
        }
        if (withImages) {
            Images.addTo(deltas, update, layout);
        }
        TableMetadata log = layout.log();
        long token = (Long) update.partitionKey().getToken().getTokenValue();
        DecoratedKey stream =
                log.partitioner.decorateKey(generation.streamOf(token).duplicate());
        LogRows logRows = new LogRows(
                layout,
                new PartitionUpdate.Builder(log, stream, log.regularAndStaticColumns(), deltas.size(), false),
                partitionKey(update));
        for (int from = 0, to; from < deltas.size(); from = to) {
            for (to = from + 1; to < deltas.size() && sameTime(deltas, from, to); ) {
                to++;
            }
            logRows.batch(deltas.subList(from, to), token);
        }
        return logRows.rows.build();
    }

    private static boolean sameTime(List<Delta> deltas, int first, int second) {
        return deltas.get(first).timestampMicros == deltas.get(second).timestampMicros;
    }

    private static ByteBuffer[] partitionKey(PartitionUpdate update) {
        ByteBuffer key = update.partitionKey().getKey();
        return update.metadata().partitionKeyType instanceof CompositeType composite
                ? composite.split(key)
                : new ByteBuffer[] {key};
    }

    /** The deltas of one timestamp: one {@code cdc$time}, numbered from 0. */
    private void batch(List<Delta> deltas, long token) {
        long hash = token;
        for (Delta delta : deltas) {
            hash = delta.isImage() ? hash : delta.mix(hash);
        }
        long timestamp = deltas.get(0).timestampMicros;
        ByteBuffer time =
                TimeUUID.atUnixMicrosWithLsb(timestamp, (hash >>> 2) | VARIANT).toBytes();
        for (int sequence = 0; sequence < deltas.size(); sequence++) {
            Clustering<?> key = Clustering.make(time, ByteBufferUtil.bytes(sequence));
            rows.add(row(key, deltas.get(sequence), sequence == deltas.size() - 1));
        }
    }

    private Row row(Clustering<?> key, Delta delta, boolean last) {
        long timestamp = delta.timestampMicros;
        Row.Builder row = BTreeRow.unsortedBuilder();
        row.newRow(key);
        row.addPrimaryKeyLivenessInfo(
                LivenessInfo.create(timestamp, layout.options().ttlSeconds(), nowSeconds));
        row.addCell(cell(layout.operation, timestamp, ByteBuffer.wrap(new byte[] {delta.operation.code})));
        if (delta.ttlSeconds != Cell.NO_TTL) {
            row.addCell(cell(layout.ttl, timestamp, ByteBufferUtil.bytes((long) delta.ttlSeconds)));
        }
        if (last) {
            row.addCell(cell(layout.endOfBatch, timestamp, TRUE));
        }
        for (int i = 0; i < partitionKey.length; i++) {
            row.addCell(cell(layout.partitionKey.get(i), timestamp, partitionKey[i]));
        }
        for (int i = 0; delta.clustering != null && i < delta.clustering.size(); i++) {
            row.addCell(cell(layout.clustering.get(i), timestamp, delta.clustering.bufferAt(i)));
        }
        if (delta.isImage() || !layout.options().keysOnly()) {
            for (Delta.Value value : delta.values) {
                row.addCell(cell(value.column(), timestamp, value.value()));
            }
        }
        return row.build();
    }

    private Cell<?> cell(ColumnMetadata column, long timestamp, ByteBuffer value) {
        int ttl = layout.options().ttlSeconds();
        return ttl == 0
                ? BufferCell.live(column, timestamp, value)
                : BufferCell.expiring(column, timestamp, ttl, nowSeconds, value);
    }
}
