package io.github.scyllapgcdc.dev.standin;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.cassandra.db.ClusteringPrefix;
import org.apache.cassandra.schema.ColumnMetadata;

/** One log row to be: a part of a write that has one timestamp, one TTL and one operation. */
final class Delta {
    /** The order of a write's log rows, as Scylla has it: applied in this order, deletes win over writes of their timestamp. */
    enum Rank {
        PREIMAGE,
        STATIC_UPDATE,
        INSERT,
        UPDATE,
        ROW_DELETE,
        RANGE_DELETE,
        PARTITION_DELETE,
        POSTIMAGE
    }

    /** A value of a log column, which stands for a column of the base table. */
    record Value(ColumnMetadata base, ColumnMetadata column, ByteBuffer value) {}

    final Rank rank;
    final LogOperation operation;
    final long timestampMicros;
    /** 0 means none. */
    final int ttlSeconds;
    /** The clustering key, or the first part of one that bounds a range; null for what has none. */
    final ClusteringPrefix<?> clustering;

    final List<Value> values = new ArrayList<>();

    Delta(Rank rank, LogOperation operation, long timestampMicros, int ttlSeconds, ClusteringPrefix<?> clustering) {
        this.rank = rank;
        this.operation = operation;
        this.timestampMicros = timestampMicros;
        this.ttlSeconds = ttlSeconds;
        this.clustering = clustering;
    }

    void add(ColumnMetadata base, ColumnMetadata column, ByteBuffer value) {
        values.add(new Value(base, column, value));
    }

    /** Whether this row shows a state of the table and not a change. */
    boolean isImage() {
        return rank == Rank.PREIMAGE || rank == Rank.POSTIMAGE;
    }

    /** Whether this row is an INSERT or UPDATE, of a row or of static columns. */
    boolean isUpsert() {
        return rank == Rank.STATIC_UPDATE || rank == Rank.INSERT || rank == Rank.UPDATE;
    }

    /** A hash of all that this log row will say but its partition key. */
    long mix(long hash) {
        long mixed = mix(mix(hash, operation.code), ttlSeconds);
        for (int i = 0; clustering != null && i < clustering.size(); i++) {
            mixed = mix(mixed, clustering.bufferAt(i).hashCode());
        }
        for (Value value : values) {
            mixed = mix(
                    mix(mixed, value.column().name.hashCode()), value.value().hashCode());
        }
        return mixed;
    }

    /** The finalizer of MurmurHash3 over a running value. */
    static long mix(long hash, long value) {
        long mixed = (hash ^ value) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 29);
    }
}
