package io.github.scyllapgcdc.sink.fold;

import java.util.List;

/**
 * A part of a batch that is applied at one go, in the order of the components. Each row is there once, and holds only what
 * came after the last delete of its partition or of a range that it belongs to.
 *
 * @param layout the columns of all its rows
 * @param deletedPartitions partition key values
 * @param deletedRanges in no particular order
 * @param rows in the order of their first event
 * @param statics the net change of the static columns of partitions; keys are partition keys
 */
public record Segment(
        Layout layout,
        List<Object[]> deletedPartitions,
        List<RangeDelete> deletedRanges,
        List<FoldedRow> rows,
        List<FoldedRow> statics) {}
