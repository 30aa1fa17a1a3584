package io.github.scyllapgcdc.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.refresh.RefreshRequest;
import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.FoldedRow;
import io.github.scyllapgcdc.sink.fold.Layout;
import io.github.scyllapgcdc.sink.fold.Segment;
import io.github.scyllapgcdc.sink.sql.ApplySql;
import io.github.scyllapgcdc.sink.sql.ExpirySql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes what is due from one table, some rows at a time, on a connection whose transaction holds the fence. Values are set
 * to null. A row goes when it was inserted with a time to live and has nothing left; one that has nothing left otherwise, or
 * of which elements of a collection are due, is asked for at the source, which alone knows what is left of it.
 */
final class ExpiryRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;
    private final String topic;
    private final ReplicatedTable table;
    private final List<RefreshRequest> refreshes = new ArrayList<>();
    private final List<FoldedRow> rows = new ArrayList<>();
    private final List<FoldedRow> statics = new ArrayList<>();
    private final Set<FoldedRow> endOfRow = new HashSet<>();
    private final List<String> done = new ArrayList<>();

    ExpiryRun(Connection connection, String topic, ReplicatedTable table) {
        this.connection = connection;
        this.topic = topic;
        this.table = table;
    }

    /**
     * Removes what is due.
     *
     * @param nowMillis everything up to here is due, milliseconds since 1970
     * @param most how many rows at most
     * @param refreshQueue where rows are asked for
     * @return how many rows it was about
     */
    int apply(long nowMillis, int most, Refreshes refreshQueue) throws SQLException {
        read(nowMillis, most);
        if (done.isEmpty()) {
            return 0;
        }
        Layout layout = table.layout();
        TableWriter writer =
                new TableWriter(connection, table.name(), layout, new ApplySql(table.name(), layout), false);
        List<FoldedRow> gone = new ArrayList<>();
        for (FoldedRow row : writer.write(new Segment(layout, List.of(), List.of(), rows, statics))) {
            if (endOfRow.contains(row)) {
                gone.add(row);
            } else {
                refreshes.add(new RefreshRequest(topic, row.recordKey(), "all its values have expired"));
            }
        }
        if (!gone.isEmpty()) {
            writer.deleteRows(gone);
        }
        if (!refreshes.isEmpty()) {
            refreshQueue.send(refreshes);
        }
        forget(nowMillis);
        return done.size();
    }

    private void read(long nowMillis, int most) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ExpirySql.due())) {
            statement.setString(1, table.name().toString());
            statement.setLong(2, nowMillis);
            statement.setInt(3, most);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    done.add(result.getString(2));
                    take(
                            result.getBytes(1),
                            (Object[]) result.getArray(2).getArray(),
                            parts(result.getString(3)),
                            nowMillis);
                }
            }
        }
    }

    private void take(byte[] recordKey, Object[] key, JsonNode parts, long nowMillis) {
        boolean ofPartition = key.length < table.layout().key().size();
        List<Column> columns =
                ofPartition ? table.layout().statics() : table.layout().values();
        List<Integer> expired = new ArrayList<>();
        boolean elements = false;
        boolean row = false;
        boolean ask = false;
        for (Map.Entry<String, JsonNode> part : parts.properties()) {
            if (part.getValue().asLong() > nowMillis) {
                continue;
            }
            row |= part.getKey().equals(ExpirySql.ROW);
            ask |= part.getKey().equals(ExpirySql.ASK);
            elements |= part.getKey().startsWith(ExpirySql.ELEMENTS);
            for (int i = 0; i < columns.size(); i++) {
                if (part.getKey().equals(ExpirySql.COLUMN + columns.get(i).name())) {
                    expired.add(i);
                }
            }
        }
        if (elements) {
            refreshes.add(new RefreshRequest(topic, recordKey, "elements of a collection have expired"));
        }
        if (ask) {
            refreshes.add(new RefreshRequest(topic, recordKey, "the row was to expire, and was read meanwhile"));
        }
        if (expired.isEmpty() && !row) {
            return;
        }
        FoldedRow folded = FoldedRow.expired(key, columns, expired, recordKey);
        (ofPartition ? statics : rows).add(folded);
        if (row) {
            endOfRow.add(folded);
        }
    }

    private void forget(long nowMillis) throws SQLException {
        String target = table.name().toString();
        try (PreparedStatement statement = connection.prepareStatement(ExpirySql.forget())) {
            statement.setLong(1, nowMillis);
            statement.setString(2, target);
            statement.setArray(3, connection.createArrayOf("text", done.toArray(String[]::new)));
            statement.setString(4, target);
            statement.executeUpdate();
        }
    }

    private static JsonNode parts(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Postgres gives valid JSON", e);
        }
    }
}
