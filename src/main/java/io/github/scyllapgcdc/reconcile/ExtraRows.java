package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.reconcile.PostgresRows.Columns;
import io.github.scyllapgcdc.reconcile.PostgresRows.Relation;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Rows that only Postgres has. That a bucket has some shows by its number of rows, which they are does not; so the keys of the
 * table are read once more, and only where some bucket has too many.
 */
final class ExtraRows {
    /** Blocks that are read at once: rows enough for a statement, and few enough to be kept. */
    private static final long STRETCH = 512;

    /** Keys that are remembered; rows of further buckets are looked up instead. */
    private static final int MOST_KNOWN = 4_000_000;

    private final RunParts parts;
    private final Slices buckets;
    private final Map<Integer, Bucket> flagged = new ConcurrentHashMap<>();
    private final AtomicInteger known = new AtomicInteger();

    /**
     * A bucket in which Postgres has more rows.
     *
     * @param read when ScyllaDB was read, null if that is not known any more
     * @param ids hashes of the keys of the rows that it had then, sorted; null if they are not known
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bucket(Moment read, long[] ids) {
        boolean isKnown() {
            return read != null && ids != null;
        }

        boolean has(RowKey key) {
            return Arrays.binarySearch(ids, key.hash()) >= 0;
        }
    }

    ExtraRows(RunParts parts, Slices buckets) {
        this.parts = parts;
        this.buckets = buckets;
    }

    /**
     * Takes note of a bucket.
     *
     * @param ids hashes of the keys that it has in ScyllaDB
     */
    void in(int bucket, Moment read, long[] ids) {
        boolean room = known.addAndGet(ids.length) <= MOST_KNOWN;
        Arrays.sort(ids);
        flagged.put(bucket, new Bucket(read, room ? ids : null));
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

    /** Forgets the buckets, when they have been looked at. */
    void clear() {
        flagged.clear();
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
        Map<ByteBuffer, Finding> impossible = new LinkedHashMap<>();
        parts.postgres().blocks(connection, relation, from, to, Columns.KEY, tuple -> {
            Bucket bucket = flagged.get(parts.bucket(rows.partition(tuple), buckets));
            if (bucket == null) {
                return;
            }
            RowKey key = rows.key(tuple);
            if (!parts.form().inScylla(key.values())) {
                impossible.put(key.id(), new Finding(key, null, rows.withoutValues(key), true));
            } else if (!bucket.isKnown()) {
                unknown.add(key);
            } else if (!bucket.has(key)) {
                parts.comparison().suspect(new Suspect(key, null, bucket.read()));
            }
        });
        if (!impossible.isEmpty()) {
            parts.comparison().record(impossible.values(), null);
        }
        for (int i = 0; i < unknown.size(); i += Comparison.ROWS) {
            parts.comparison().compareExtra(unknown.subList(i, Math.min(unknown.size(), i + Comparison.ROWS)));
        }
    }
}
