package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.ColumnDefinition;
import com.datastax.oss.driver.api.core.cql.Row;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads one window of the log, several units side by side. While a page is worked on, its unit's next page and the pages of
 * the other units under way are being fetched; at most {@code parallelism} pages and the one in hand are in memory.
 *
 * <pre>
 *   waiting units ──► under way (≤ parallelism) ──► ready pages ──► next()
 *        ▲                 ▲          │ empty and last: the next unit
 *        │                 └──────────┘
 *        └── next() takes a page: fetches the unit's next one, or starts the next unit after a last one
 * </pre>
 */
public final class WindowReader {
    private final LogQuery query;
    private final UUID until;
    private final Deque<ReadUnit> waiting;
    private final LinkedBlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private int underWay;

    private sealed interface Arrival {
        record Page(LogPage page, AsyncResultSet result) implements Arrival {}

        record Failed(Throwable cause) implements Arrival {}

        /** A unit had no row at all. */
        record Nothing() implements Arrival {}
    }

    /** Starts reading what the units have before {@code until}. */
    public WindowReader(LogQuery query, List<ReadUnit> units, UUID until, int parallelism) {
        this.query = query;
        this.until = until;
        this.waiting = new ArrayDeque<>(units);
        for (int i = 0; i < parallelism && !waiting.isEmpty(); i++) {
            startNext();
        }
    }

    /** Whether every page has been given out. */
    public boolean done() {
        return underWay == 0;
    }

    /**
     * The next page, of whichever unit has one.
     *
     * @return null if none came within the wait, or there is none left
     * @throws LogReadException if a query failed
     */
    public LogPage next(Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (underWay > 0) {
            Arrival arrival = arrivals.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (arrival == null) {
                return null;
            }
            if (arrival instanceof Arrival.Failed failed) {
                throw new LogReadException(failed.cause());
            }
            if (arrival instanceof Arrival.Page page && !page.page().last()) {
                follow(page.page().unit(), page.result().fetchNextPage(), false);
            } else {
                underWay--;
                startNext();
            }
            if (arrival instanceof Arrival.Page page) {
                return page.page();
            }
        }
        return null;
    }

    private void startNext() {
        ReadUnit unit = waiting.poll();
        if (unit != null) {
            underWay++;
            follow(unit, query.execute(unit, until), true);
        }
    }

    private void follow(ReadUnit unit, CompletionStage<AsyncResultSet> pending, boolean first) {
        pending.whenComplete((result, failure) -> arrivals.add(arrival(unit, result, failure, first)));
    }

    private static Arrival arrival(ReadUnit unit, AsyncResultSet result, Throwable failure, boolean first) {
        if (failure != null) {
            return new Arrival.Failed(failure);
        }
        boolean last = !result.hasMorePages();
        if (first
                && last
                && result.remaining() == 0) { // behind other pages, an empty one still says that they were all
            return new Arrival.Nothing();
        }
        List<LogColumn> columns = new ArrayList<>(result.getColumnDefinitions().size());
        for (ColumnDefinition definition : result.getColumnDefinitions()) {
            columns.add(new LogColumn(definition.getName().asInternal(), definition.getType()));
        }
        return new Arrival.Page(new LogPage(unit, columns, rows(result), result.remaining(), last), result);
    }

    /** The page's rows, as they are iterated. */
    private static Iterable<LogRow> rows(AsyncResultSet result) {
        return () -> {
            Iterator<Row> rows = result.currentPage().iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public LogRow next() {
                    return rows.next()::getBytesUnsafe;
                }
            };
        };
    }
}
