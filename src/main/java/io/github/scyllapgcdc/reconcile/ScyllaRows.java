package io.github.scyllapgcdc.reconcile;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.load.RowKeys;
import io.github.scyllapgcdc.source.load.RowQuery;
import io.github.scyllapgcdc.source.load.TokenRange;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The rows that ScyllaDB has. May be used by several threads. */
final class ScyllaRows {
    private static final int PAGE = 5000;
    /** Single rows that are asked for side by side. */
    private static final int LOOKUPS = 64;

    private final TableForm form;
    private final RowQuery query;
    private final Throttle throttle;

    ScyllaRows(
            CqlSession session,
            TableForm form,
            com.datastax.oss.driver.api.core.ConsistencyLevel level,
            Throttle throttle) {
        this.form = form;
        this.query = new RowQuery(session, form.shape(), level, PAGE, false);
        this.throttle = throttle;
    }

    /** Takes the rows of a query, one by one. */
    @FunctionalInterface
    interface Reader {
        void row(Row row) throws InterruptedException;
    }

    /**
     * Reads a range, rows in the order of their tokens, the next page fetched ahead. Partitions that have static values and no row
     * are left out.
     */
    void range(TokenRange range, Reader reader) throws InterruptedException {
        read(query.range(range), reader);
    }

    /** Reads all rows of a partition. */
    void partition(Object[] key, Reader reader) throws InterruptedException {
        read(query.key(RowKeys.bytes(form.shape(), form.partitionOf(key))), reader);
    }

    private void read(CompletionStage<AsyncResultSet> first, Reader reader) throws InterruptedException {
        AsyncResultSet page = get(first);
        while (true) {
            CompletionStage<AsyncResultSet> next = page.hasMorePages() ? page.fetchNextPage() : null;
            throttle.scylla(page.remaining());
            for (Row row : page.currentPage()) {
                if (form.isRow(row)) {
                    reader.row(row);
                }
            }
            if (next == null) {
                return;
            }
            page = get(next);
        }
    }

    /** Those of the rows that are there. */
    Map<ByteBuffer, RowImage> byKey(Collection<RowKey> keys) throws InterruptedException {
        Map<ByteBuffer, RowImage> found = new HashMap<>();
        Deque<CompletionStage<AsyncResultSet>> underWay = new ArrayDeque<>();
        RowForm rows = new RowForm(form);
        for (RowKey key : keys) {
            if (!form.inScylla(key.values())) {
                continue;
            }
            if (underWay.size() == LOOKUPS) {
                take(underWay.remove(), rows, found);
            }
            throttle.scylla(1);
            underWay.add(query.key(RowKeys.bytes(form.shape(), key.values())));
        }
        while (!underWay.isEmpty()) {
            take(underWay.remove(), rows, found);
        }
        return found;
    }

    private void take(CompletionStage<AsyncResultSet> result, RowForm rows, Map<ByteBuffer, RowImage> found)
            throws InterruptedException {
        Row row = get(result).one();
        if (row != null && form.isRow(row)) {
            RowImage image = rows.image(row);
            found.put(image.key().id(), image);
        }
    }

    private AsyncResultSet get(CompletionStage<AsyncResultSet> result) throws InterruptedException {
        try {
            return result.toCompletableFuture().get();
        } catch (ExecutionException e) {
            TableId table = form.shape().schema().table();
            throw new RowReadException(
                    "ScyllaDB does not give the rows of " + table + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        }
    }
}
