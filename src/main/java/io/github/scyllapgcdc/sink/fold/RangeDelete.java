package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.Range;

/**
 * The delete of some of a partition's rows.
 *
 * @param partitionKey values of the partition key's columns
 * @param clusteringSize how many clustering columns there are
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RangeDelete(Object[] partitionKey, int clusteringSize, Range range) {

    /**
     * One end of the range.
     *
     * @param prefix as long as there are clustering columns, null where the bound says nothing
     * @param length how many columns it says something of; 0: the range is open at this end
     */
    public record Side(Object[] prefix, int length, boolean inclusive) {}

    /** The end where the range begins or the one where it ends, in the source's order. */
    public Side side(boolean lower) {
        Range.Bound bound = lower ? range.lower() : range.upper();
        if (bound == null) {
            return new Side(new Object[clusteringSize], 0, true);
        }
        int length = 0;
        while (length < clusteringSize && bound.prefix()[length] != null) {
            length++;
        }
        return new Side(bound.prefix(), length, bound.inclusive());
    }
}
