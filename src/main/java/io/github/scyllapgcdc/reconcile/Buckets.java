package io.github.scyllapgcdc.reconcile;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.BitSet;

/**
 * How many rows there are in each part of the token ring, and the sum of their hashes. Sums rather than exclusive ors, so that a
 * row that is there twice does not vanish. The parts are half-open, of one width, in the order of their tokens. Different
 * threads may add to different parts.
 */
final class Buckets {
    private final long[] sums;
    private final int[] counts;

    /** @param bits as many parts as this is a power of two, 1 to 24 */
    Buckets(int bits) {
        this.sums = new long[1 << bits];
        this.counts = new int[1 << bits];
    }

    int size() {
        return sums.length;
    }

    /** Adds a row. */
    void add(int bucket, long hash) {
        sums[bucket] += hash;
        counts[bucket]++;
    }

    int count(int bucket) {
        return counts[bucket];
    }

    boolean same(int bucket, Buckets other) {
        return counts[bucket] == other.counts[bucket] && sums[bucket] == other.sums[bucket];
    }

    /** Whether a part is these rows. */
    boolean is(int bucket, int count, long sum) {
        return counts[bucket] == count && sums[bucket] == sum;
    }

    /** The parts in which two sides differ. */
    BitSet differing(Buckets other) {
        BitSet differing = new BitSet(sums.length);
        for (int bucket = 0; bucket < sums.length; bucket++) {
            if (!same(bucket, other)) {
                differing.set(bucket);
            }
        }
        return differing;
    }

    /** Some parts, as they are kept. */
    byte[] bytes(int from, int to) {
        ByteBuffer bytes = ByteBuffer.allocate((to - from) * (Long.BYTES + Integer.BYTES));
        LongBuffer longs = bytes.asLongBuffer();
        longs.put(sums, from, to - from);
        bytes.position((to - from) * Long.BYTES);
        bytes.asIntBuffer().put(counts, from, to - from);
        return bytes.array();
    }

    /** Takes parts as they were kept. */
    void restore(int from, byte[] kept) {
        int parts = kept.length / (Long.BYTES + Integer.BYTES);
        ByteBuffer bytes = ByteBuffer.wrap(kept);
        bytes.asLongBuffer().get(sums, from, parts);
        bytes.position(parts * Long.BYTES);
        bytes.asIntBuffer().get(counts, from, parts);
    }
}
