package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.github.scyllapgcdc.event.TableId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The query of a table's log.
 *
 * <p>It is not prepared, on purpose: over protocol version 4, which is Scylla's, the columns of a prepared {@code SELECT *}
 * are those of the time it was prepared, and a statement with named columns would silently leave out a column added since.
 * A plain one tells with each page which columns its rows have.
 */
public final class LogQuery {
    private final CqlSession session;
    private final CqlIdentifier keyspace;
    private final String select;
    private final ConsistencyLevel consistency;
    private final int pageSize;

    /** A query. The consistency level must see every acknowledged write, so QUORUM where writes use it. */
    public LogQuery(CqlSession session, TableId table, ConsistencyLevel consistency, int pageSize) {
        this.session = session;
        this.consistency = consistency;
        this.pageSize = pageSize;
        this.keyspace = CqlIdentifier.fromInternal(table.keyspace());
        this.select = "SELECT * FROM " + TableShapes.logTable(table) + " WHERE \"" + LogColumns.STREAM_ID
                + "\" %s AND \"" + LogColumns.TIME + "\" > ? AND \"" + LogColumns.TIME + "\" < ?";
    }

    /** Asks for the first page of a unit up to, exclusively, {@code until}. */
    CompletionStage<AsyncResultSet> execute(ReadUnit unit, UUID until) {
        int count = unit.streams().size();
        String restriction = count == 1 ? "= ?" : "IN (" + String.join(", ", Collections.nCopies(count, "?")) + ")";
        List<Object> values = new ArrayList<>(count + 2);
        unit.streams().forEach(s -> values.add(s.bytes()));
        values.add(unit.after());
        values.add(until);
        SimpleStatement statement = SimpleStatement.newInstance(select.replace("%s", restriction))
                .setPositionalValues(values)
                .setPageSize(pageSize)
                .setConsistencyLevel(consistency)
                .setIdempotent(true)
                .setRoutingKeyspace(keyspace)
                .setRoutingKey(unit.streams().get(0).bytes());
        return session.executeAsync(statement);
    }
}
