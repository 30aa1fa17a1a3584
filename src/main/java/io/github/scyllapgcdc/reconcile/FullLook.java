package io.github.scyllapgcdc.reconcile;

import static io.github.scyllapgcdc.reconcile.Checkpoint.Part.PLAN;
import static io.github.scyllapgcdc.reconcile.Checkpoint.Part.POSTGRES;
import static io.github.scyllapgcdc.reconcile.Checkpoint.Part.SCYLLA;

import io.github.scyllapgcdc.reconcile.PostgresRows.Columns;
import io.github.scyllapgcdc.reconcile.PostgresRows.Relation;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every row of both sides. First ScyllaDB is read, slice by slice of the token ring and several side by side; of each small part
 * of the ring (a bucket) the number of rows and the sum of their hashes are kept. Then Postgres is read once, block by block,
 * and its rows are summed in the same buckets. Only the buckets that differ are looked at row by row.
 *
 * <p>While Postgres is read the pipeline passes the moment at which ScyllaDB was, so that in the end there is little to wait for.
 */
final class FullLook implements Look {
    private static final Duration CHECKPOINTS = Duration.ofSeconds(15);
    /** How long a stretch of blocks should take. */
    private static final Duration STRETCH = Duration.ofSeconds(1);

    private static final long FIRST_STRETCH = 512;
    private static final long LONGEST_STRETCH = 1 << 15;

    /** What the reads are of the whole work, for those who watch. */
    private static final double SCYLLA_SHARE = 0.6;

    private static final double POSTGRES_SHARE = 0.3;

    private final RunParts parts;
    private final UUID run;
    private final RunStore store;
    private final RunProgress progress;
    private Slices slices;
    private Slices bucketSlices;
    private Buckets scyllaSums;
    private Buckets postgresSums;
    /** When each slice was read; null if that was before this process began. */
    private Moment[] readAt;

    FullLook(RunParts parts) {
        this.parts = parts;
        this.run = parts.run().request().id();
        this.store = parts.store();
        this.progress = parts.progress();
    }

    @Override
    public void run() throws SQLException, InterruptedException {
        plan();
        readScylla();
        readPostgres();
        BucketLook buckets = new BucketLook(parts, slices, bucketSlices, scyllaSums, postgresSums, readAt);
        buckets.run();
    }

    private void plan() throws SQLException {
        List<Checkpoint> planned = store.kept(run, PLAN);
        long rows = planned.isEmpty() ? parts.estimatedRows() : planned.get(0).rows();
        if (planned.isEmpty()) {
            store.keep(run, new Checkpoint(PLAN, 0, rows, new byte[0]), progress);
        }
        slices = Slices.of(rows);
        bucketSlices = Slices.bucketsOf(rows);
        scyllaSums = new Buckets(bucketSlices.bits());
        postgresSums = new Buckets(bucketSlices.bits());
        readAt = new Moment[slices.count()];
    }

    private void readScylla() throws SQLException, InterruptedException {
        progress.phase(RunStatus.Phase.READING_SCYLLA);
        BitSet done = new BitSet(slices.count());
        for (Checkpoint kept : store.kept(run, SCYLLA)) {
            done.set((int) kept.number());
            scyllaSums.restore(firstBucket((int) kept.number()), kept.kept());
            progress.restored(kept.rows(), 0);
        }
        AtomicInteger count = new AtomicInteger(done.cardinality());
        List<Callable<Void>> work = new ArrayList<>();
        for (int slice = done.nextClearBit(0); slice < slices.count(); slice = done.nextClearBit(slice + 1)) {
            int number = slice;
            work.add(() -> {
                readSlice(number);
                progress.done(SCYLLA_SHARE * count.incrementAndGet() / slices.count());
                return null;
            });
        }
        parts.workers().all(work);
    }

    private void readSlice(int slice) throws SQLException, InterruptedException {
        RowForm rows = new RowForm(parts.form());
        Moment begun = parts.topic().now();
        long[] count = {0};
        parts.scylla().range(slices.range(slice), row -> {
            scyllaSums.add(bucketSlices.partOf(parts.token(row)), rows.hash(row));
            count[0]++;
        });
        readAt[slice] = begun.until(System.currentTimeMillis());
        progress.scyllaRows(count[0]);
        store.keep(
                run,
                new Checkpoint(SCYLLA, slice, count[0], scyllaSums.bytes(firstBucket(slice), firstBucket(slice + 1))),
                progress);
    }

    private int firstBucket(int slice) {
        return slice << (bucketSlices.bits() - slices.bits());
    }

    private void readPostgres() throws SQLException, InterruptedException {
        progress.phase(RunStatus.Phase.READING_POSTGRES);
        PostgresPosition position = new PostgresPosition();
        for (Checkpoint kept : store.kept(run, POSTGRES)) {
            position.restore(kept);
        }
        try (Connection connection = parts.dataSource().getConnection()) {
            List<Relation> relations = parts.postgres().relations(connection);
            RowForm rows = new RowForm(parts.form());
            while (position.relation < relations.size()) {
                parts.stop().check();
                position.next(connection, relations, rows);
                progress.done(SCYLLA_SHARE + POSTGRES_SHARE * position.done(relations));
            }
        }
        store.keep(run, position.checkpoint(), progress);
    }

    /** How far the read of Postgres is. */
    private final class PostgresPosition {
        private int relation;
        private long block;
        private long rowsRead;
        private long stretch = FIRST_STRETCH;
        private long keptNanos = System.nanoTime();

        void next(Connection connection, List<Relation> relations, RowForm rows)
                throws SQLException, InterruptedException {
            Relation here = relations.get(relation);
            long begun = System.nanoTime();
            boolean last = block + stretch >= here.blocks();
            long count = parts.postgres()
                    .blocks(connection, here, block, last ? -1 : block + stretch, Columns.ALL, tuple -> {
                        long hash = rows.hash(tuple);
                        postgresSums.add(parts.bucket(rows.partition(tuple), bucketSlices), hash);
                    });
            progress.postgresRows(count);
            rowsRead += count;
            block = last ? 0 : block + stretch;
            relation += last ? 1 : 0;
            double took = Math.max(1, System.nanoTime() - begun);
            stretch =
                    Math.max(1, Math.min(LONGEST_STRETCH, Math.round(stretch * Math.min(4, STRETCH.toNanos() / took))));
            if (System.nanoTime() - keptNanos > CHECKPOINTS.toNanos()) {
                store.keep(run, checkpoint(), progress);
                keptNanos = System.nanoTime();
            }
        }

        double done(List<Relation> relations) {
            double all = relations.stream().mapToLong(Relation::blocks).sum();
            double read = block
                    + relations.subList(0, relation).stream()
                            .mapToLong(Relation::blocks)
                            .sum();
            return all == 0 ? 1 : Math.min(1, read / all);
        }

        Checkpoint checkpoint() {
            byte[] sums = postgresSums.bytes(0, postgresSums.size());
            return new Checkpoint(
                    POSTGRES,
                    0,
                    rowsRead,
                    ByteBuffer.allocate(Integer.BYTES + Long.BYTES + sums.length)
                            .putInt(relation)
                            .putLong(block)
                            .put(sums)
                            .array());
        }

        void restore(Checkpoint kept) {
            ByteBuffer bytes = ByteBuffer.wrap(kept.kept());
            relation = bytes.getInt();
            block = bytes.getLong();
            byte[] sums = new byte[bytes.remaining()];
            bytes.get(sums);
            postgresSums.restore(0, sums);
            rowsRead = kept.rows();
            progress.restored(0, rowsRead);
        }
    }
}
