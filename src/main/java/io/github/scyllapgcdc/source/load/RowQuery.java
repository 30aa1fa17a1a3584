package io.github.scyllapgcdc.source.load;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.log.TableShape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * The queries of a table's rows: every column, and behind them how long each column that can tell it is yet to live. Where a
 * column was dropped since the shape was looked up, they fail, and succeed with a fresh shape.
 */
public final class RowQuery {
    private final CqlSession session;
    private final RowLayout layout;
    private final ConsistencyLevel consistency;
    private final int pageSize;
    private final String select;
    private final List<String> key;
    private final String token;

    /** The queries. The consistency level must see every acknowledged write. */
    public RowQuery(CqlSession session, TableShape shape, ConsistencyLevel consistency, int pageSize) {
        this(session, shape, consistency, pageSize, true);
    }

    /**
     * The queries.
     *
     * @param timesToLive whether they ask for those, which cost
     */
    public RowQuery(
            CqlSession session, TableShape shape, ConsistencyLevel consistency, int pageSize, boolean timesToLive) {
        this.session = session;
        this.layout = new RowLayout(shape, timesToLive);
        this.consistency = consistency;
        this.pageSize = pageSize;
        this.key = shape.schema().keyColumns().stream().map(RowQuery::quoted).toList();
        this.token = "token(" + String.join(", ", key.subList(0, shape.schema().partitionKeySize())) + ')';
        List<String> columns = new ArrayList<>(key);
        shape.schema().valueColumns().forEach(column -> columns.add(quoted(column)));
        layout.withTtl().forEach(column -> columns.add("TTL(" + quoted(column) + ')'));
        TableId table = shape.schema().table();
        this.select = "SELECT " + String.join(", ", columns) + " FROM "
                + CqlIdentifier.fromInternal(table.keyspace()).asCql(true) + '.'
                + CqlIdentifier.fromInternal(table.name()).asCql(true) + " WHERE ";
    }

    /** How the rows are read. */
    public RowLayout layout() {
        return layout;
    }

    /** Asks for the first page of a range; rows come in the order of their tokens, those of a partition together. */
    public CompletionStage<AsyncResultSet> range(TokenRange range) {
        return execute(token + " > ? AND " + token + " <= ?", List.of(range.after(), range.upTo()));
    }

    /**
     * Asks for one row, or for all rows of a partition.
     *
     * @param values of the leading key columns as CQL serialises them: all of them, or the partition key alone
     */
    public CompletionStage<AsyncResultSet> key(List<ByteBuffer> values) {
        return execute(
                key.subList(0, values.size()).stream()
                        .map(column -> column + " = ?")
                        .collect(Collectors.joining(" AND ")),
                values);
    }

    private CompletionStage<AsyncResultSet> execute(String where, List<?> values) {
        return session.executeAsync(SimpleStatement.newInstance(select + where)
                .setPositionalValues(List.copyOf(values))
                .setPageSize(pageSize)
                .setConsistencyLevel(consistency)
                .setIdempotent(true));
    }

    private static String quoted(EventColumn column) {
        return CqlIdentifier.fromInternal(column.name()).asCql(true);
    }
}
