package io.github.scyllapgcdc.sink.fold;

import java.util.List;

/**
 * A part of a batch that is applied at one go: the deleted partitions first, then the rows. Each row is there once, and holds
 * only what came after the delete of its partition.
 *
 * @param layout the columns of all its rows
 * @param deletedPartitions partition key values
 * @param rows in the order of their first event
 */
public record Segment(Layout layout, List<Object[]> deletedPartitions, List<FoldedRow> rows) {}
