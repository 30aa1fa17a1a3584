package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.ColumnDefinition;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.type.DataType;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.schema.CqlTypes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * Reads from the table the lists that the log tells too little of, for all changes of a page at once, each row a single time.
 * The value may be newer than the change; then a later change brings it again. Of a row that is gone the lists are null, and
 * its delete comes later in the log.
 *
 * <p>The queries are not prepared, as that of the log is not: a prepared one would go on with the element types of the time
 * it was prepared.
 */
public final class ListReadBack {
    /** Fewer than a connection of the driver takes before it refuses more. */
    private static final int MOST_IN_FLIGHT = 256;

    private final CqlSession session;
    private final TableId table;
    private final ConsistencyLevel consistency;
    private final Semaphore free = new Semaphore(MOST_IN_FLIGHT);

    /** A reader. The consistency level must see every acknowledged write, so QUORUM where writes use it. */
    public ListReadBack(CqlSession session, TableId table, ConsistencyLevel consistency) {
        this.session = session;
        this.table = table;
        this.consistency = consistency;
    }

    private record Reading(CompletionStage<AsyncResultSet> result, List<LogChange.Change> changes) {}

    /**
     * Puts the lists that are missing into the changes' events.
     *
     * @throws LogReadException if a query failed, or the table's columns are not those of the layout any more
     */
    public void complete(List<Mutation> mutations, LogLayout layout) throws InterruptedException {
        Map<List<ByteBuffer>, List<LogChange.Change>> changesByKey = new LinkedHashMap<>();
        for (Mutation mutation : mutations) {
            for (LogChange change : mutation.changes()) {
                if (change instanceof LogChange.Change incomplete && incomplete.lists() != null) {
                    changesByKey
                            .computeIfAbsent(incomplete.lists().key(), key -> new ArrayList<>())
                            .add(incomplete);
                }
            }
        }
        if (changesByKey.isEmpty()) {
            return;
        }
        List<Reading> readings = new ArrayList<>(changesByKey.size());
        for (Map.Entry<List<ByteBuffer>, List<LogChange.Change>> entry : changesByKey.entrySet()) {
            free.acquire();
            CompletionStage<AsyncResultSet> result = session.executeAsync(query(entry.getKey(), layout));
            readings.add(new Reading(result.whenComplete((rows, failure) -> free.release()), entry.getValue()));
        }
        readings.forEach(reading -> fill(reading, layout));
    }

    private void fill(Reading reading, LogLayout layout) {
        AsyncResultSet result;
        try {
            result = reading.result().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new LogReadException(e.getCause());
        }
        Map<String, DataType> types = new LinkedHashMap<>();
        for (ColumnDefinition column : result.getColumnDefinitions()) {
            types.put(column.getName().asInternal(), column.getType());
        }
        Row row = result.one();
        for (LogChange.Change change : reading.changes()) {
            change.lists().columns().stream().forEach(index -> {
                String name = layout.schema.valueColumns().get(index).name();
                DataType type = types.get(name);
                if (!Objects.equals(type, layout.shape.types().get(name))) {
                    throw new LogReadException(new IllegalStateException(
                            "the type of column " + name + " of " + table + " changed while its log was read"));
                }
                ByteBuffer bytes = row == null ? null : row.getBytesUnsafe(CqlIdentifier.fromInternal(name));
                change.event().values()[index] =
                        bytes == null ? null : CqlTypes.reader(type).read(bytes);
            });
        }
    }

    /** All lists of a row, or, without clustering columns, all static ones of a partition. */
    private SimpleStatement query(List<ByteBuffer> key, LogLayout layout) {
        int partitionKeySize = layout.schema.partitionKeySize();
        boolean ofPartition = key.size() > partitionKeySize && key.get(partitionKeySize) == null;
        List<ByteBuffer> values = ofPartition ? key.subList(0, partitionKeySize) : key;
        String lists = Arrays.stream(ofPartition ? layout.staticColumns : layout.regularColumns)
                .filter(index -> layout.list[index])
                .mapToObj(index -> name(layout.schema.valueColumns().get(index)))
                .collect(Collectors.joining(", "));
        String where = layout.schema.keyColumns().subList(0, values.size()).stream()
                .map(column -> name(column) + " = ?")
                .collect(Collectors.joining(" AND "));
        CqlIdentifier keyspace = CqlIdentifier.fromInternal(table.keyspace());
        String select = "SELECT " + (ofPartition ? "DISTINCT " : "") + lists + " FROM " + keyspace.asCql(true) + '.'
                + CqlIdentifier.fromInternal(table.name()).asCql(true) + " WHERE " + where;
        return SimpleStatement.newInstance(select)
                .setPositionalValues(new ArrayList<>(values))
                .setConsistencyLevel(consistency)
                .setIdempotent(true)
                .setRoutingKeyspace(keyspace)
                .setRoutingKey(values.subList(0, partitionKeySize).toArray(ByteBuffer[]::new));
    }

    private static String name(EventColumn column) {
        return CqlIdentifier.fromInternal(column.name()).asCql(true);
    }
}
