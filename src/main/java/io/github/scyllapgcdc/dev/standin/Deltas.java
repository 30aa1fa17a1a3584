package io.github.scyllapgcdc.dev.standin;

import io.github.scyllapgcdc.dev.standin.LogLayout.LogColumn;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.cassandra.db.ClusteringBound;
import org.apache.cassandra.db.DeletionTime;
import org.apache.cassandra.db.LivenessInfo;
import org.apache.cassandra.db.RangeTombstone;
import org.apache.cassandra.db.marshal.UserType;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.ColumnData;
import org.apache.cassandra.db.rows.ComplexColumnData;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.schema.ColumnMetadata;

/**
 * Takes the write of one partition apart into {@link Delta}s, as Scylla's {@code cdc/split.cc} does: by timestamp, then by
 * kind, then by TTL.
 */
final class Deltas {
    private static final ByteBuffer TRUE = ByteBuffer.wrap(new byte[] {1});

    private final PartitionUpdate update;
    private final LogLayout layout;
    private final List<Delta> deltas = new ArrayList<>(2);
    /** Those of the row at hand: few, so a list is searched. */
    private final List<Delta> ofRow = new ArrayList<>(2);

    private Delta marker;

    private Deltas(PartitionUpdate update, LogLayout layout) {
        this.update = update;
        this.layout = layout;
    }

    /** The deltas of {@code update} in the order of their log rows: timestamp, then rank, then clustering key, then TTL. */
    static List<Delta> of(PartitionUpdate update, LogLayout layout) {
        return new Deltas(update, layout).split();
    }

    private List<Delta> split() {
        if (!update.staticRow().isEmpty()) {
            row(update.staticRow());
        }
        for (Row row : update) {
            row(row);
        }
        for (Iterator<RangeTombstone> ranges = update.deletionInfo().rangeIterator(false); ranges.hasNext(); ) {
            range(ranges.next());
        }
        DeletionTime partition = update.deletionInfo().getPartitionDeletion();
        if (!partition.isLive()) {
            deltas.add(new Delta(
                    Delta.Rank.PARTITION_DELETE,
                    LogOperation.PARTITION_DELETE,
                    partition.markedForDeleteAt(),
                    Cell.NO_TTL,
                    null));
        }
        sort(deltas);
        return deltas;
    }

    /** Sorts by timestamp and rank. Stable: what is equal in both stays in clustering order, and by TTL within a row. */
    static void sort(List<Delta> deltas) {
        if (deltas.size() > 1) {
            deltas.sort(Comparator.<Delta>comparingLong(delta -> delta.timestampMicros)
                    .thenComparing(delta -> delta.rank));
        }
    }

    private void row(Row row) {
        ofRow.clear();
        marker = null;
        LivenessInfo liveness = row.primaryKeyLivenessInfo();
        if (!liveness.isEmpty()) {
            marker = new Delta(
                    Delta.Rank.INSERT, LogOperation.INSERT, liveness.timestamp(), liveness.ttl(), row.clustering());
            ofRow.add(marker);
        }
        for (ColumnData column : row) {
            if (column instanceof ComplexColumnData complex) {
                elements(row, complex);
            } else {
                cell(row, (Cell<?>) column);
            }
        }
        ofRow.sort(Comparator.comparingInt(delta -> delta.ttlSeconds));
        deltas.addAll(ofRow);
        if (!row.deletion().isLive()) {
            deltas.add(new Delta(
                    Delta.Rank.ROW_DELETE,
                    LogOperation.ROW_DELETE,
                    row.deletion().time().markedForDeleteAt(),
                    Cell.NO_TTL,
                    row.clustering()));
        }
    }

    private void cell(Row row, Cell<?> cell) {
        LogColumn column = layout.of(cell.column());
        Delta delta = deltaOf(row, cell.timestamp(), cell.ttl(), true);
        if (cell.isTombstone()) {
            delta.add(cell.column(), column.deleted(), TRUE);
        } else {
            delta.add(cell.column(), column.value(), cell.buffer());
        }
    }

    /** The delta of the row at hand for cells with this timestamp and TTL; the row marker's own where that is allowed. */
    private Delta deltaOf(Row row, long timestamp, int ttl, boolean withMarker) {
        for (Delta delta : ofRow) {
            if (delta.timestampMicros == timestamp && delta.ttlSeconds == ttl && (withMarker || delta != marker)) {
                return delta;
            }
        }
        Delta.Rank rank = row.isStatic() ? Delta.Rank.STATIC_UPDATE : Delta.Rank.UPDATE;
        Delta delta = new Delta(rank, LogOperation.UPDATE, timestamp, ttl, row.isStatic() ? null : row.clustering());
        ofRow.add(delta);
        return delta;
    }

    /** A collection, or a user type, that is not frozen. */
    private void elements(Row row, ComplexColumnData complex) {
        ColumnMetadata base = complex.column();
        LogColumn column = layout.of(base);
        DeletionTime wipe = complex.complexDeletion();
        if (!wipe.isLive()) {
            deltaOf(row, wipeTimestamp(wipe), Cell.NO_TTL, true).add(base, column.deleted(), TRUE);
        }
        // A wipe has no TTL. Cells that have one must follow it, and so cannot be in the INSERT's own row, which is
        // first.
        boolean withMarker = wipe.isLive() || marker == null || marker.ttlSeconds == Cell.NO_TTL;
        List<Cell<?>> cells = new ArrayList<>();
        complex.forEach(cells::add);
        while (!cells.isEmpty()) {
            Cell<?> first = cells.get(0);
            List<Cell<?>> alike = new ArrayList<>();
            cells.removeIf(cell -> cell.timestamp() == first.timestamp()
                    && cell.ttl() == first.ttl()
                    && cell.isTombstone() == first.isTombstone()
                    && alike.add(cell));
            Delta delta = deltaOf(row, first.timestamp(), first.ttl(), withMarker);
            if (first.isTombstone()) {
                delta.add(base, column.deletedElements(), FrozenValues.keys(alike));
            } else {
                delta.add(base, column.value(), FrozenValues.of(base.type, alike));
            }
        }
        if (base.type instanceof UserType) {
            addUntouchedFields(base, column);
        }
    }

    /** A delta that only deletes of a user type has, in Scylla, a value all the same: one whose fields are all null. */
    private void addUntouchedFields(ColumnMetadata base, LogColumn column) {
        for (Delta delta : ofRow) {
            boolean touches = false;
            boolean hasValue = false;
            for (Delta.Value value : delta.values) {
                touches |= value.base().equals(base);
                hasValue |= value.column().equals(column.value());
            }
            if (touches && !hasValue) {
                delta.add(base, column.value(), FrozenValues.of(base.type, List.of()));
            }
        }
    }

    /** Overwriting wipes what is older than the write, with a timestamp one less than the write's, whose wipe it is. */
    private long wipeTimestamp(DeletionTime wipe) {
        long ofWrite = wipe.markedForDeleteAt() + 1;
        return update.maxTimestamp() >= ofWrite ? ofWrite : wipe.markedForDeleteAt();
    }

    private void range(RangeTombstone range) {
        long timestamp = range.deletionTime().markedForDeleteAt();
        ClusteringBound<?> start = range.deletedSlice().start();
        ClusteringBound<?> end = range.deletedSlice().end();
        deltas.add(new Delta(
                Delta.Rank.RANGE_DELETE,
                start.isInclusive() ? LogOperation.RANGE_START_INCLUSIVE : LogOperation.RANGE_START_EXCLUSIVE,
                timestamp,
                Cell.NO_TTL,
                start));
        deltas.add(new Delta(
                Delta.Rank.RANGE_DELETE,
                end.isInclusive() ? LogOperation.RANGE_END_INCLUSIVE : LogOperation.RANGE_END_EXCLUSIVE,
                timestamp,
                Cell.NO_TTL,
                end));
    }
}
