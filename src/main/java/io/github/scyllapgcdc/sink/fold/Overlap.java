package io.github.scyllapgcdc.sink.fold;

import java.util.Arrays;

/** Tells of two changes of a table, by their keys alone, whether it matters in which order they are applied. */
public final class Overlap {
    private final Object[] key;
    private final int partitionKeySize;
    private final Object partition;

    /**
     * Compares with one change.
     *
     * @param key its key, whose clustering columns are null if it is of a whole partition or a range
     * @param partitionKeySize how many columns of it are the partition key
     */
    public Overlap(Object[] key, int partitionKeySize) {
        this.key = key;
        this.partitionKeySize = partitionKeySize;
        this.partition = partition(key);
    }

    /** Whether the other change is of the same row, or one of them is of the whole partition that both are in. */
    public boolean with(Object[] other) {
        return other.length == key.length
                && partition.equals(partition(other))
                && (isWhole(key)
                        || isWhole(other)
                        || Fold.identity(key, partitionKeySize).equals(Fold.identity(other, partitionKeySize)));
    }

    private Object partition(Object[] values) {
        return Fold.identity(Arrays.copyOf(values, partitionKeySize), 0);
    }

    private boolean isWhole(Object[] values) {
        return values.length == partitionKeySize || values[partitionKeySize] == null;
    }
}
