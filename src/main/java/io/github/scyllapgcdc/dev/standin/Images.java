package io.github.scyllapgcdc.dev.standin;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.apache.cassandra.db.Clustering;
import org.apache.cassandra.db.RangeTombstone;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.ComplexColumnData;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.schema.ColumnMetadata;
import org.apache.cassandra.utils.FBUtilities;

/**
 * The pre- and postimages of one write. They are of the rows, and of the static columns, that it writes or deletes one by
 * one; deletes of ranges and partitions have none. A write with several timestamps has images for each of them, as if they
 * were writes one after the other.
 */
final class Images {
    private static final ByteBuffer TRUE = ByteBuffer.wrap(new byte[] {1});

    private final PartitionUpdate update;
    private final LogLayout layout;
    private final long nowSeconds = FBUtilities.nowInSeconds();
    private final List<Delta> images = new ArrayList<>();

    /** What one row undergoes at one timestamp. */
    private static final class Touch {
        final Set<ColumnMetadata> columns = new TreeSet<>();
        boolean written;
        boolean deleted;

        void by(Delta delta) {
            written |= delta.isUpsert();
            deleted |= delta.rank == Delta.Rank.ROW_DELETE;
            delta.values.forEach(value -> columns.add(value.base()));
        }
    }

    private Images(PartitionUpdate update, LogLayout layout) {
        this.update = update;
        this.layout = layout;
    }

    /**
     * Adds the images to the deltas of a write that has not been stored yet, and sorts them in. It reads the rows from this node: a
     * write of the same rows at the same time may or may not be seen, as in Scylla.
     *
     * @param deltas of {@code update}, sorted
     */
    static void addTo(List<Delta> deltas, PartitionUpdate update, LogLayout layout) {
        if (deltas.stream().anyMatch(delta -> delta.isUpsert() || delta.rank == Delta.Rank.ROW_DELETE)) {
            Images images = new Images(update, layout);
            images.ofAll(deltas);
            deltas.addAll(images.images);
            Deltas.sort(deltas);
        }
    }

    private void ofAll(List<Delta> deltas) {
        PartitionState stored = PartitionState.read(update);
        PartitionState before = stored;
        for (int from = 0, to; from < deltas.size(); from = to) {
            long timestamp = deltas.get(from).timestampMicros;
            for (to = from + 1; to < deltas.size() && deltas.get(to).timestampMicros == timestamp; ) {
                to++;
            }
            boolean last = to == deltas.size();
            PartitionState after = stored.with(last ? update : PartitionState.upTo(update, timestamp));
            ofTimestamp(deltas.subList(from, to), before, after);
            before = after;
        }
    }

    private void ofTimestamp(List<Delta> deltas, PartitionState before, PartitionState after) {
        Touch statics = null;
        TreeMap<Clustering<?>, Touch> rows = new TreeMap<>(update.metadata().comparator);
        for (Delta delta : deltas) {
            if (delta.rank == Delta.Rank.STATIC_UPDATE) {
                statics = statics == null ? new Touch() : statics;
                statics.by(delta);
            } else if (delta.isUpsert() || delta.rank == Delta.Rank.ROW_DELETE) {
                rows.computeIfAbsent((Clustering<?>) delta.clustering, key -> new Touch())
                        .by(delta);
            }
        }
        long timestamp = deltas.get(0).timestampMicros;
        if (statics != null) {
            ofRow(Clustering.STATIC_CLUSTERING, statics, timestamp, before, after);
        }
        rows.forEach((clustering, touch) -> ofRow(clustering, touch, timestamp, before, after));
    }

    private void ofRow(
            Clustering<?> clustering, Touch touch, long timestamp, PartitionState before, PartitionState after) {
        CdcOptions options = layout.options();
        Row was = before.row(clustering);
        if (options.preimage() != CdcOptions.Preimage.NONE && was != null && was.hasLiveData(nowSeconds, false)) {
            boolean all = touch.deleted || options.preimage() == CdcOptions.Preimage.ALL;
            Delta image = image(Delta.Rank.PREIMAGE, LogOperation.PREIMAGE, timestamp, clustering);
            for (ColumnMetadata column : all ? allColumns(clustering) : touch.columns) {
                ByteBuffer value = value(was, column);
                // Of a column that is not in the image its reader must not think that it was null
                image.add(
                        column,
                        value == null
                                ? layout.of(column).deleted()
                                : layout.of(column).value(),
                        value == null ? TRUE : value);
            }
        }
        Row is = after.row(clustering);
        if (options.postimage() && touch.written && !isDeleted(clustering, touch, timestamp)) {
            Delta image = image(Delta.Rank.POSTIMAGE, LogOperation.POSTIMAGE, timestamp, clustering);
            for (ColumnMetadata column : allColumns(clustering)) {
                ByteBuffer value = is == null ? null : value(is, column);
                if (value != null) {
                    image.add(column, layout.of(column).value(), value);
                }
            }
        }
    }

    private Delta image(Delta.Rank rank, LogOperation operation, long timestamp, Clustering<?> clustering) {
        Delta image = new Delta(
                rank,
                operation,
                timestamp,
                Cell.NO_TTL,
                clustering == Clustering.STATIC_CLUSTERING ? null : clustering);
        images.add(image);
        return image;
    }

    private Iterable<ColumnMetadata> allColumns(Clustering<?> clustering) {
        return clustering == Clustering.STATIC_CLUSTERING
                ? layout.base().staticColumns()
                : layout.base().regularColumns();
    }

    /** Whether the same write deletes the row it writes: at equal timestamps the delete wins. */
    private boolean isDeleted(Clustering<?> clustering, Touch touch, long timestamp) {
        if (touch.deleted || update.deletionInfo().getPartitionDeletion().markedForDeleteAt() == timestamp) {
            return true;
        }
        RangeTombstone range = clustering == Clustering.STATIC_CLUSTERING
                ? null
                : update.deletionInfo().rangeCovering(clustering);
        return range != null && range.deletionTime().markedForDeleteAt() == timestamp;
    }

    /** The column's value in the form of the log, or null when nothing of it is alive. */
    private ByteBuffer value(Row row, ColumnMetadata column) {
        if (!column.isComplex()) {
            Cell<?> cell = row.getCell(column);
            return cell == null || !cell.isLive(nowSeconds) ? null : cell.buffer();
        }
        ComplexColumnData elements = row.getComplexColumnData(column);
        if (elements == null) {
            return null;
        }
        List<Cell<?>> alive = StreamSupport.stream(elements.spliterator(), false)
                .<Cell<?>>map(cell -> cell)
                .filter(cell -> cell.isLive(nowSeconds))
                .toList();
        return alive.isEmpty() ? null : FrozenValues.of(column.type, alive);
    }
}
