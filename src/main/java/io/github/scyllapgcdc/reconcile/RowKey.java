package io.github.scyllapgcdc.reconcile;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;

/**
 * A row's primary key.
 *
 * @param values as events carry them
 * @param id the canonical bytes of all columns, by which keys of both sides are the same or not
 */
@SuppressWarnings("ArrayRecordComponent") // keys are compared by id
record RowKey(Object[] values, ByteBuffer id) {
    /** A hash of the id. */
    long hash() {
        return Hashing.murmur3_128().hashBytes(id.duplicate()).asLong();
    }
}
