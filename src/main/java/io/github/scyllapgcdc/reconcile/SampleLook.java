package io.github.scyllapgcdc.reconcile;

import static io.github.scyllapgcdc.reconcile.Checkpoint.Part.LOOK;
import static io.github.scyllapgcdc.reconcile.Checkpoint.Part.PLAN;

import io.github.scyllapgcdc.reconcile.PostgresRows.Columns;
import io.github.scyllapgcdc.reconcile.PostgresRows.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A percentage of the rows: the beginning of each slice of the token ring, whose rows are looked up in Postgres, and as much of
 * Postgres' blocks, whose rows are looked up in ScyllaDB.
 */
final class SampleLook implements Look {
    private static final double SCYLLA_SHARE = 0.6;
    /** Postgres is sampled in about so many stretches of blocks, none of which is long. */
    private static final long STRETCHES = 1000;

    private static final long LONGEST_STRETCH = 512;

    private final RunParts parts;

    SampleLook(RunParts parts) {
        this.parts = parts;
    }

    @Override
    public void run() throws SQLException, InterruptedException {
        Slices slices = slices();
        BitSet done = new BitSet();
        for (Checkpoint kept : parts.store().kept(parts.run().request().id(), LOOK)) {
            done.or(BitSet.valueOf(kept.kept()));
        }
        parts.progress().phase(RunStatus.Phase.READING_SCYLLA);
        AtomicInteger read = new AtomicInteger(done.cardinality());
        while (done.cardinality() < slices.count()) {
            List<Callable<Void>> wave = new ArrayList<>();
            for (int i = 0; i < slices.count() / 8 && done.cardinality() < slices.count(); i++) {
                int slice = done.nextClearBit(0);
                done.set(slice);
                wave.add(() -> {
                    read(slices, slice);
                    parts.progress().done(SCYLLA_SHARE * read.incrementAndGet() / slices.count());
                    return null;
                });
            }
            parts.workers().all(wave);
            parts.comparison().settleIfDue(() -> new Checkpoint(LOOK, 0, 0, done.toByteArray()));
        }
        parts.progress().phase(RunStatus.Phase.READING_POSTGRES);
        readPostgres();
        parts.progress().phase(RunStatus.Phase.COMPARING);
        parts.comparison().settle(null);
    }

    private Slices slices() throws SQLException {
        List<Checkpoint> planned = parts.store().kept(parts.run().request().id(), PLAN);
        if (!planned.isEmpty()) {
            return Slices.of(planned.get(0).rows());
        }
        long rows = parts.estimatedRows();
        parts.store().keep(parts.run().request().id(), new Checkpoint(PLAN, 0, rows, new byte[0]), parts.progress());
        return Slices.of(rows);
    }

    private void read(Slices slices, int slice) throws InterruptedException {
        RowForm rows = new RowForm(parts.form());
        RowBatches batches = new RowBatches(parts);
        parts.scylla().range(slices.first(slice, parts.run().request().percent()), row -> batches.add(rows.image(row)));
        batches.flush();
    }

    /** Some stretches of blocks, one at a time, so that no snapshot is held while suspects are settled. */
    private void readPostgres() throws SQLException, InterruptedException {
        ReconcileRequest request = parts.run().request();
        Random random = new Random(request.id().getMostSignificantBits());
        try (Connection connection = parts.dataSource().getConnection()) {
            for (Relation relation : parts.postgres().relations(connection)) {
                long stretch = Math.max(1, Math.min(LONGEST_STRETCH, relation.blocks() / STRETCHES));
                for (long block = 0; block <= relation.blocks(); block += stretch) {
                    if (random.nextDouble() * 100 < request.percent()) {
                        read(connection, relation, block, block + stretch);
                    }
                }
            }
        }
    }

    private void read(Connection connection, Relation relation, long from, long to)
            throws SQLException, InterruptedException {
        parts.stop().check();
        RowForm rows = new RowForm(parts.form());
        List<RowKey> keys = new ArrayList<>();
        long count = parts.postgres()
                .blocks(connection, relation, from, to, Columns.KEY, tuple -> keys.add(rows.key(tuple)));
        for (int i = 0; i < keys.size(); i += Comparison.ROWS) {
            parts.comparison().compareExtra(keys.subList(i, Math.min(keys.size(), i + Comparison.ROWS)));
        }
        parts.progress().postgresRows(count);
        parts.comparison().settleIfFull();
    }
}
