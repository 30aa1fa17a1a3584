package io.github.scyllapgcdc.event;

/**
 * A range of clustering keys within a partition.
 *
 * @param lower where it begins in clustering order, or null if nothing bounds it
 * @param upper where it ends in clustering order, or null if nothing bounds it
 */
public record Range(Bound lower, Bound upper) {

    /**
     * One end of a range.
     *
     * @param prefix the values of the leading clustering columns, as long as the list of clustering columns; null where the
     *     bound says nothing
     * @param inclusive whether rows that have the prefix belong to the range
     */
    @SuppressWarnings("ArrayRecordComponent") // identity is never asked for; a list would cost an object per bound
    public record Bound(Object[] prefix, boolean inclusive) {}
}
