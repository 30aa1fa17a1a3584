package io.github.scyllapgcdc.reconcile;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares rows of ScyllaDB, as they are read, with those that Postgres has under their keys. To be made before the read begins,
 * for pages are fetched ahead. Belongs to one thread.
 */
final class RowBatches {
    private final RunParts parts;
    private final List<RowImage> waiting = new ArrayList<>();
    private final Moment begun;

    RowBatches(RunParts parts) {
        this.parts = parts;
        this.begun = parts.topic().now();
    }

    /** Takes a row. */
    void add(RowImage row) throws InterruptedException {
        waiting.add(row);
        if (waiting.size() == Comparison.ROWS) {
            flush();
        }
    }

    /** Compares what has been taken. */
    void flush() throws InterruptedException {
        Moment read = begun.until(System.currentTimeMillis());
        Map<ByteBuffer, RowImage> found = inPostgres();
        for (RowImage row : waiting) {
            if (!RowImage.same(row, found.get(row.key().id()))) {
                parts.comparison().suspect(new Suspect(row.key(), row, read));
            }
        }
        parts.progress().scyllaRows(waiting.size());
        waiting.clear();
        settleIfFull();
    }

    private void settleIfFull() throws InterruptedException {
        try {
            parts.comparison().settleIfFull();
        } catch (SQLException e) {
            throw new RowReadException("what was found can't be settled: " + e.getMessage(), e);
        }
    }

    private Map<ByteBuffer, RowImage> inPostgres() throws InterruptedException {
        try {
            return parts.comparison()
                    .inPostgres(waiting.stream().map(RowImage::key).toList());
        } catch (SQLException e) {
            throw new RowReadException(
                    "Postgres does not give the rows of " + parts.form().target(), e);
        }
    }
}
