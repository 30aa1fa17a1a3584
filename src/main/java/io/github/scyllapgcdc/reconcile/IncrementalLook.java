package io.github.scyllapgcdc.reconcile;

import static io.github.scyllapgcdc.reconcile.Checkpoint.Part.LOOK;

import io.github.scyllapgcdc.source.log.ChangedKeys;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows that changed since some time, as ScyllaDB's CDC log tells: so a change that never reached the topic is found, too.
 * Where a partition or a range was deleted, all rows of the partition are looked at.
 */
final class IncrementalLook implements Look {
    private static final int WINDOWS = 50;
    private static final long LEAST_WINDOW_MS = 60_000;
    /** Rows of the log that are paid for together. */
    private static final int PAID = 200;

    private final RunParts parts;
    private final ChangedKeys changed;
    private final RowForm rows;
    private final Map<ByteBuffer, RowKey> keys = new LinkedHashMap<>();
    private final Map<ByteBuffer, RowKey> partitions = new LinkedHashMap<>();
    private int unpaid;

    IncrementalLook(RunParts parts, ChangedKeys changed) {
        this.parts = parts;
        this.changed = changed;
        this.rows = new RowForm(parts.form());
    }

    @Override
    public void run() throws SQLException, InterruptedException {
        long since = parts.run().request().since().toEpochMilli();
        long until = System.currentTimeMillis();
        long window = Math.max(LEAST_WINDOW_MS, (until - since) / WINDOWS);
        long from = since;
        for (Checkpoint kept : parts.store().kept(parts.run().request().id(), LOOK)) {
            from = kept.rows();
        }
        parts.progress().phase(RunStatus.Phase.READING_SCYLLA);
        while (from < until) {
            long to = Math.min(until, from + window);
            changed.read(from, to, this::take);
            lookAtKeys();
            lookAtPartitions();
            parts.comparison().settleIfDue(() -> new Checkpoint(LOOK, 0, to, new byte[0]));
            parts.progress().done(0.9 * (to - since) / (until - since));
            from = to;
        }
        parts.progress().phase(RunStatus.Phase.COMPARING);
        parts.comparison().settle(new Checkpoint(LOOK, 0, until, new byte[0]));
    }

    /** Takes a changed key, of a row or of a whole partition. */
    private void take(Object[] key) throws SQLException, InterruptedException {
        parts.stop().check();
        if (++unpaid == PAID) {
            parts.throttle().scylla(PAID);
            unpaid = 0;
        }
        RowKey taken = rows.key(key);
        if (key[key.length - 1] == null) {
            partitions.put(taken.id(), taken);
        } else if (keys.put(taken.id(), taken) == null && keys.size() == Comparison.ROWS) {
            lookAtKeys();
        }
        if (partitions.size() == Comparison.ROWS) {
            lookAtPartitions();
        }
    }

    private void lookAtKeys() throws SQLException, InterruptedException {
        parts.comparison().compare(keys.values());
        keys.clear();
        parts.comparison().settleIfFull();
    }

    private void lookAtPartitions() throws SQLException, InterruptedException {
        for (RowKey partition : partitions.values()) {
            RowBatches batches = new RowBatches(parts);
            parts.scylla().partition(partition.values(), row -> batches.add(rows.image(row)));
            batches.flush();
            if (parts.form().inPostgres(partition.values())) {
                lookInPostgres(partition);
            }
            parts.comparison().settleIfFull();
        }
        partitions.clear();
    }

    private void lookInPostgres(RowKey partition) throws SQLException, InterruptedException {
        List<RowKey> found = new ArrayList<>();
        try (Connection connection = parts.dataSource().getConnection()) {
            parts.postgres().partition(connection, partition.values(), tuple -> {
                found.add(rows.key(tuple));
                if (found.size() == Comparison.ROWS) {
                    parts.comparison().compareExtra(found);
                    found.clear();
                }
            });
        }
        parts.comparison().compareExtra(found);
    }
}
