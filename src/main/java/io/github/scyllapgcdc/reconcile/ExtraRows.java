package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.reconcile.PostgresRows.Columns;
import io.github.scyllapgcdc.reconcile.PostgresRows.Relation;
import io.github.scyllapgcdc.schema.UnlikeValue;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rows that only Postgres has. That a bucket has some shows by its number of rows, which they are does not; so the keys of the
 * table are read once more, and only where some bucket has too many.
 */
final class ExtraRows {
    private static final long STRETCH = 1 << 14;

    private final RunParts parts;
    private final Slices buckets;
    private final Map<Integer, Bucket> flagged = new ConcurrentHashMap<>();

    /**
     * A bucket in which Postgres has more rows.
     *
     * @param read when ScyllaDB was read, null if that is not known any more
     * @param ids the rows that it had then, null if they are not
     */
    private record Bucket(Moment read, Set<ByteBuffer> ids) {
        boolean isKnown() {
            return read != null && ids != null;
        }
    }

    ExtraRows(RunParts parts, Slices buckets) {
        this.parts = parts;
        this.buckets = buckets;
    }

    /** Takes note of a bucket. */
    void in(int bucket, Moment read, Collection<ByteBuffer> ids) {
        flagged.put(bucket, new Bucket(read, ids == null ? null : new HashSet<>(ids)));
    }

    /** The buckets, as they are kept. */
    byte[] kept() {
        BitSet bits = new BitSet(buckets.count());
        flagged.keySet().forEach(bits::set);
        return bits.toByteArray();
    }

    void restore(byte[] kept) {
        BitSet.valueOf(kept).stream().forEach(bucket -> flagged.put(bucket, new Bucket(null, null)));
    }

    /** Finds the rows, as suspects. */
    void look() throws SQLException, InterruptedException {
        if (flagged.isEmpty()) {
            return;
        }
        try (Connection connection = parts.dataSource().getConnection()) {
            for (Relation relation : parts.postgres().relations(connection)) {
                for (long block = 0; block <= relation.blocks(); block += STRETCH) {
                    parts.stop().check();
                    boolean last = block + STRETCH > relation.blocks();
                    look(connection, relation, block, last ? -1 : block + STRETCH);
                    parts.comparison().settleIfFull();
                }
            }
        }
    }

    private void look(Connection connection, Relation relation, long from, long to)
            throws SQLException, InterruptedException {
        RowForm rows = new RowForm(parts.form());
        List<RowKey> unknown = new ArrayList<>();
        List<Finding> impossible = new ArrayList<>();
        parts.postgres().blocks(connection, relation, from, to, Columns.KEY, tuple -> {
            Bucket bucket = flagged.get(parts.bucket(rows.partition(tuple), buckets));
            if (bucket == null) {
                return;
            }
            RowKey key = rows.key(tuple);
            if (Arrays.stream(key.values()).anyMatch(UnlikeValue.class::isInstance)) {
                impossible.add(new Finding(key, null, rows.withoutValues(key), true));
            } else if (!bucket.isKnown()) {
                unknown.add(key);
            } else if (!bucket.ids().contains(key.id())) {
                parts.comparison().suspect(new Suspect(key, null, bucket.read()));
            }
        });
        parts.comparison().record(impossible, null);
        for (int i = 0; i < unknown.size(); i += Comparison.ROWS) {
            parts.comparison().compareExtra(unknown.subList(i, Math.min(unknown.size(), i + Comparison.ROWS)));
        }
    }
}
