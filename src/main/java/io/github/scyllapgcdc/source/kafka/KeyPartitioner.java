package io.github.scyllapgcdc.source.kafka;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.utils.Utils;

/**
 * The Kafka partition of a row: murmur2 of the partition key as CQL serialises it, so that all rows of a Scylla partition,
 * and its partition and range deletes, share one.
 */
public final class KeyPartitioner {
    private final int partitions;

    public KeyPartitioner(int partitions) {
        this.partitions = partitions;
    }

    /** The partition of these partition key columns. */
    public int partition(List<ByteBuffer> partitionKey) {
        return Utils.toPositive(Utils.murmur2(serialised(partitionKey))) % partitions;
    }

    /**
     * The bytes that Scylla hashes into a token: one column's value as it is; of several, each as a two-byte length, the
     * value and a zero byte.
     */
    static byte[] serialised(List<ByteBuffer> partitionKey) {
        if (partitionKey.size() == 1) {
            ByteBuffer only = partitionKey.get(0);
            byte[] bytes = new byte[only.remaining()];
            only.get(only.position(), bytes);
            return bytes;
        }
        int size = 0;
        for (ByteBuffer part : partitionKey) {
            size += 2 + part.remaining() + 1;
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (ByteBuffer part : partitionKey) {
            int length = part.remaining();
            bytes[at++] = (byte) (length >>> 8);
            bytes[at++] = (byte) length;
            part.get(part.position(), bytes, at, length);
            at += length + 1;
        }
        return bytes;
    }
}
