package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.schema.CqlTypes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys that a table's log mentions, whatever was done to them: for those who want to look at the rows themselves. Streams of
 * all generations that have anything are read. Belongs to one thread.
 */
public final class ChangedKeys {
    private static final int STREAMS_PER_QUERY = 50;
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final CqlSession session;
    private final TableShape shape;
    private final ConsistencyLevel consistency;
    private final LogQuery query;
    private final int parallelism;
    private final List<StreamId> streams = new ArrayList<>();

    /** Reads so many streams side by side. */
    public ChangedKeys(
            CqlSession session, TableShape shape, ConsistencyLevel consistency, int pageSize, int parallelism) {
        this.session = session;
        this.shape = shape;
        this.consistency = consistency;
        this.query = new LogQuery(session, shape.schema().table(), consistency, pageSize);
        this.parallelism = parallelism;
    }

    /**
     * Takes keys, some of them several times.
     *
     * @param <E> what may go wrong with that
     */
    @FunctionalInterface
    public interface Target<E extends Exception> {
        /** A row's key, or that of a partition, whose clustering columns are null. */
        void key(Object[] key) throws E, InterruptedException;
    }

    /**
     * Gives out the keys of the changes of some time. Streams that come into use later than the first call are not looked at.
     *
     * @param from inclusive, by the changes' timestamps, milliseconds since 1970
     * @param until exclusive
     * @throws LogReadException if a query failed
     */
    public <E extends Exception> void read(long from, long until, Target<E> target) throws E, InterruptedException {
        WindowReader reader = new WindowReader(query, units(from), LogTime.from(until), parallelism);
        while (!reader.done()) {
            LogPage page = reader.next(WAIT);
            if (page != null) {
                take(page, target);
            }
        }
    }

    private List<ReadUnit> units(long from) {
        if (streams.isEmpty()) {
            listStreams();
        }
        List<ReadUnit> units = new ArrayList<>();
        for (int i = 0; i < streams.size(); i += STREAMS_PER_QUERY) {
            units.add(new ReadUnit(
                    List.copyOf(streams.subList(i, Math.min(streams.size(), i + STREAMS_PER_QUERY))),
                    LogTime.before(from)));
        }
        return units;
    }

    private void listStreams() {
        TableId table = shape.schema().table();
        for (Row row : session.execute(SimpleStatement.newInstance(
                        "SELECT DISTINCT \"" + LogColumns.STREAM_ID + "\" FROM " + TableShapes.logTable(table))
                .setConsistencyLevel(consistency)
                .setIdempotent(true))) {
            streams.add(StreamId.of(row.getBytesUnsafe(0)));
        }
    }

    private <E extends Exception> void take(LogPage page, Target<E> target) throws E, InterruptedException {
        List<EventColumn> columns = shape.schema().keyColumns();
        int[] at =
                columns.stream().mapToInt(column -> index(page, column.name())).toArray();
        CqlTypes.Reader[] readers = columns.stream()
                .map(column -> CqlTypes.reader(shape.types().get(column.name())))
                .toArray(CqlTypes.Reader[]::new);
        int operation = index(page, LogColumns.OPERATION);
        int ofPartition = shape.schema().partitionKeySize();
        for (LogRow row : page.rows()) {
            ByteBuffer code = row.cell(operation);
            int known = LogOperation.isOfRow(code.get(code.position())) ? at.length : ofPartition;
            Object[] key = new Object[at.length];
            boolean whole = true;
            for (int i = 0; i < known && whole; i++) {
                ByteBuffer bytes = row.cell(at[i]);
                whole = bytes != null;
                key[i] = whole ? readers[i].read(bytes) : null;
            }
            target.key(key);
        }
    }

    private static int index(LogPage page, String name) {
        for (int i = 0; i < page.columns().size(); i++) {
            if (page.columns().get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException("the log has no column " + name);
    }
}
