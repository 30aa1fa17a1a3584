package io.github.scyllapgcdc.dev.standin;

import java.util.Iterator;
import java.util.List;
import org.apache.cassandra.db.Clustering;
import org.apache.cassandra.db.ColumnFamilyStore;
import org.apache.cassandra.db.DeletionTime;
import org.apache.cassandra.db.LivenessInfo;
import org.apache.cassandra.db.RangeTombstone;
import org.apache.cassandra.db.ReadExecutionController;
import org.apache.cassandra.db.SinglePartitionReadCommand;
import org.apache.cassandra.db.Slices;
import org.apache.cassandra.db.filter.ClusteringIndexFilter;
import org.apache.cassandra.db.filter.ClusteringIndexNamesFilter;
import org.apache.cassandra.db.filter.ClusteringIndexSliceFilter;
import org.apache.cassandra.db.filter.ColumnFilter;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.ColumnData;
import org.apache.cassandra.db.rows.ComplexColumnData;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.utils.FBUtilities;
import org.apache.cassandra.utils.btree.BTreeSet;

/** Some rows of a partition at one moment, deletions included. */
final class PartitionState {
    private final PartitionUpdate rows;

    private PartitionState(PartitionUpdate rows) {
        this.rows = rows;
    }

    /**
     * Reads the static columns, and those rows that {@code update} writes or deletes one by one.
     *
     * <p>It may be called by a write, in the write's group: the read has a group of its own of another order ({@code readOrdering}),
     * ended here, and waits for no flush, so that no flush that waits for the write can wait for itself.
     */
    static PartitionState read(PartitionUpdate update) {
        TableMetadata table = update.metadata();
        ColumnFilter columns = ColumnFilter.all(table);
        BTreeSet.Builder<Clustering<?>> names = BTreeSet.builder(table.comparator);
        for (Row row : update) {
            names.add(row.clustering());
        }
        boolean rowsToo = update.hasRows();
        ClusteringIndexFilter filter = rowsToo
                ? new ClusteringIndexNamesFilter(names.build(), false)
                : new ClusteringIndexSliceFilter(Slices.ALL, false);
        SinglePartitionReadCommand command = SinglePartitionReadCommand.create(
                table, FBUtilities.nowInSeconds(), update.partitionKey(), columns, filter);
        try (ReadExecutionController controller = command.executionController();
                UnfilteredRowIterator stored =
                        command.queryMemtableAndDisk(ColumnFamilyStore.getIfExists(table.id), controller)) {
            if (rowsToo) {
                return new PartitionState(PartitionUpdate.fromIterator(stored, columns));
            }
            // the rows are not read, which is why the whole partition may be asked for
            PartitionUpdate.Builder statics = new PartitionUpdate.Builder(
                    table, update.partitionKey(), table.regularAndStaticColumns(), 1, false);
            statics.addPartitionDeletion(stored.partitionLevelDeletion());
            statics.add(stored.staticRow());
            return new PartitionState(statics.build());
        }
    }

    PartitionState with(PartitionUpdate update) {
        return new PartitionState(PartitionUpdate.merge(List.of(rows, update)));
    }

    /** The row without what is deleted in it, or null when there is not even a trace of one. */
    Row row(Clustering<?> clustering) {
        return rows.getRow(clustering);
    }

    /** What {@code update} writes and deletes with timestamps of up to {@code timestamp}. */
    static PartitionUpdate upTo(PartitionUpdate update, long timestamp) {
        PartitionUpdate.Builder part = new PartitionUpdate.Builder(
                update.metadata(), update.partitionKey(), update.columns(), update.affectedRowCount(), false);
        if (!isAfter(update.partitionLevelDeletion(), timestamp)) {
            part.addPartitionDeletion(update.partitionLevelDeletion());
        }
        for (Iterator<RangeTombstone> ranges = update.deletionInfo().rangeIterator(false); ranges.hasNext(); ) {
            RangeTombstone range = ranges.next();
            if (!isAfter(range.deletionTime(), timestamp)) {
                part.add(range);
            }
        }
        add(part, update.staticRow(), timestamp);
        for (Row row : update) {
            add(part, row, timestamp);
        }
        return part.build();
    }

    private static void add(PartitionUpdate.Builder part, Row row, long timestamp) {
        LivenessInfo marker = row.primaryKeyLivenessInfo();
        Row early = row.transformAndFilter(
                marker.timestamp() <= timestamp ? marker : LivenessInfo.EMPTY,
                isAfter(row.deletion().time(), timestamp) ? Row.Deletion.LIVE : row.deletion(),
                column -> upTo(column, timestamp));
        if (early != null) {
            part.add(early);
        }
    }

    private static ColumnData upTo(ColumnData column, long timestamp) {
        if (column instanceof ComplexColumnData elements) {
            DeletionTime wipe = elements.complexDeletion();
            return elements.transformAndFilter(
                    isAfter(wipe, timestamp) ? DeletionTime.LIVE : wipe,
                    cell -> cell.timestamp() <= timestamp ? cell : null);
        }
        return ((Cell<?>) column).timestamp() <= timestamp ? column : null;
    }

    private static boolean isAfter(DeletionTime deletion, long timestamp) {
        return deletion.markedForDeleteAt() > timestamp;
    }
}
