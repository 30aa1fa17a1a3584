package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One partition's net change. A delete of the partition or of a range makes void what its rows did before, and rows that are
 * written afterwards begin with nothing. So all those deletes can run before all rows.
 */
final class FoldedPartition {
    private final Object[] partitionKey;
    private final List<Range> deletedRanges = new ArrayList<>();
    private final Map<Object, FoldedRow> rows = new LinkedHashMap<>();
    private FoldedRow statics;
    private boolean deleted;

    FoldedPartition(Object[] partitionKey) {
        this.partitionKey = partitionKey;
    }

    void add(ChangeEvent event, byte[] recordKey, Layout layout, Layout.Indices indices) {
        if (event.range() != null) {
            deletedRanges.add(event.range());
            rows.values().removeIf(row -> layout.order().contains(event.range(), row.key()));
        } else if (!event.isPartitionLevel()) {
            Object id = Fold.identity(event.key(), partitionKey.length);
            FoldedRow row = rows.get(id);
            if (row == null) {
                row = new FoldedRow(event.key(), layout.values(), isDeleted(event.key(), layout));
                rows.put(id, row);
            }
            row.add(event, recordKey, indices.values());
        } else if (event.op() == Operation.DELETE) {
            deleted = true;
            deletedRanges.clear();
            rows.clear();
            statics = null;
        } else {
            if (statics == null) {
                statics = new FoldedRow(partitionKey, layout.statics(), deleted);
            }
            statics.add(event, recordKey, indices.statics());
        }
    }

    private boolean isDeleted(Object[] key, Layout layout) {
        return deleted
                || deletedRanges.stream().anyMatch(range -> layout.order().contains(range, key));
    }

    /** Adds what there is to the lists of a segment. */
    void collect(
            Layout layout,
            List<Object[]> deletedPartitions,
            List<RangeDelete> ranges,
            List<FoldedRow> allRows,
            List<FoldedRow> allStatics) {
        if (deleted) {
            deletedPartitions.add(partitionKey);
        }
        deletedRanges.forEach(range ->
                ranges.add(new RangeDelete(partitionKey, layout.clustering().size(), range)));
        allRows.addAll(rows.values());
        if (statics != null) {
            allStatics.add(statics);
        }
    }
}
