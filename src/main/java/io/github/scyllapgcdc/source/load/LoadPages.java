package io.github.scyllapgcdc.source.load;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.source.log.LogReadException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Reads stream groups of a table one after the other, page by page, with the next page fetched ahead. Belongs to one thread. */
public final class LoadPages {
    private final Deque<Unit> waiting = new ArrayDeque<>();
    private final Supplier<RowQuery> query;
    private final GroupStart groupStart;
    private Unit reading;
    private long since;
    private RowQuery current;
    private CompletionStage<Arrival> pending;

    /** A page as it came; what it says of times to live counts from then. */
    private record Arrival(AsyncResultSet result, long millis) {}

    /** One query. */
    private record Unit(int group, TokenRange range, boolean first, boolean last) {}

    /** Asked right before the first query of a group. */
    @FunctionalInterface
    public interface GroupStart {
        /** From where on the group will be read from the log, milliseconds since 1970. */
        long since(int group);
    }

    /**
     * A page of rows.
     *
     * @param since from where on the group will be read from the log
     * @param size how many rows
     * @param readMillis when it arrived, milliseconds since 1970
     * @param lastOfRange whether the range is read to its end with it
     * @param lastOfGroup whether the group is
     */
    public record Page(
            int group,
            TokenRange range,
            long since,
            RowLayout layout,
            Iterable<Row> rows,
            int size,
            long readMillis,
            boolean lastOfRange,
            boolean lastOfGroup) {}

    /**
     * Starts reading.
     *
     * @param query the queries as the table is now, asked for at the start of each group
     */
    public LoadPages(Ring ring, Collection<Integer> groups, Supplier<RowQuery> query, GroupStart groupStart) {
        this.query = query;
        this.groupStart = groupStart;
        for (int group : groups) {
            List<TokenRange> ranges = ring.ranges(group);
            for (int i = 0; i < ranges.size(); i++) {
                waiting.add(new Unit(group, ranges.get(i), i == 0, i == ranges.size() - 1));
            }
        }
        startNext();
    }

    /** Whether every page has been given out. */
    public boolean done() {
        return reading == null;
    }

    /**
     * The next page.
     *
     * @return null if it did not come within the wait, or there is none left
     * @throws LogReadException if a query failed
     */
    public Page next(Duration wait) throws InterruptedException {
        if (reading == null) {
            return null;
        }
        Arrival arrival;
        try {
            arrival = pending.toCompletableFuture().get(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new LogReadException(e.getCause());
        }
        AsyncResultSet result = arrival.result();
        boolean lastOfRange = !result.hasMorePages();
        Page page = new Page(
                reading.group(),
                reading.range(),
                since,
                current.layout(),
                result.currentPage(),
                result.remaining(),
                arrival.millis(),
                lastOfRange,
                lastOfRange && reading.last());
        if (lastOfRange) {
            startNext();
        } else {
            follow(result.fetchNextPage());
        }
        return page;
    }

    private void startNext() {
        reading = waiting.poll();
        if (reading == null) {
            return;
        }
        if (reading.first()) {
            since = groupStart.since(reading.group());
            current = query.get();
        }
        follow(current.range(reading.range()));
    }

    private void follow(CompletionStage<AsyncResultSet> result) {
        pending = result.thenApply(arrived -> new Arrival(arrived, System.currentTimeMillis()));
    }
}
