package io.github.scyllapgcdc.source.generation;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import io.github.scyllapgcdc.event.TableId;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Which generation of a table's log was in use at a time. */
public final class GenerationTimes {
    private GenerationTimes() {}

    /** The start of the generation that had this moment, or of the first if it came later; empty if there is none yet. */
    public static OptionalLong at(CqlSession session, TableId table, long millis) {
        NavigableSet<Long> starts = ofTablets(session, table);
        if (starts.isEmpty()) {
            starts = starts(
                    session,
                    SimpleStatement.newInstance(
                            "SELECT time FROM system_distributed.cdc_generation_timestamps WHERE key = 'timestamps'"));
        }
        if (starts.isEmpty()) {
            return OptionalLong.empty();
        }
        Long before = starts.floor(millis);
        return OptionalLong.of(before == null ? starts.first() : before);
    }

    /** Tables that use tablets have generations of their own; clusters without tablets lack the table that tells them. */
    private static NavigableSet<Long> ofTablets(CqlSession session, TableId table) {
        try {
            return starts(
                    session,
                    SimpleStatement.newInstance(
                            "SELECT timestamp FROM system.cdc_timestamps WHERE keyspace_name = ? AND table_name = ?",
                            table.keyspace(),
                            table.name()));
        } catch (InvalidQueryException e) {
            return new TreeSet<>();
        }
    }

    private static NavigableSet<Long> starts(CqlSession session, SimpleStatement query) {
        NavigableSet<Long> starts = new TreeSet<>();
        for (Row row : session.execute(query.setIdempotent(true))) {
            Instant start = row.getInstant(0);
            if (start != null) {
                starts.add(start.toEpochMilli());
            }
        }
        return starts;
    }
}
