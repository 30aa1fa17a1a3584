package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.Layout;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is on record of a table that is kept up: for work on it that no event comes along with.
 *
 * @param layout its columns, whose values are given as text
 */
record ReplicatedTable(TableName name, Layout layout) {
    private static final String REGISTER = """
            INSERT INTO cdc_metadata.replicated_tables AS r
                (target, topic, partition_key, clustering_key, static_columns, value_columns)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (target) DO UPDATE SET topic = excluded.topic,
                partition_key = excluded.partition_key, clustering_key = excluded.clustering_key,
                static_columns = ARRAY(SELECT unnest(r.static_columns) UNION SELECT unnest(excluded.static_columns)),
                value_columns = ARRAY(SELECT unnest(r.value_columns) UNION SELECT unnest(excluded.value_columns))""";

    private static final String FIND = """
            SELECT partition_key, clustering_key, static_columns, value_columns
            FROM cdc_metadata.replicated_tables WHERE target = ?""";

    /** Puts a table on record; columns that it had are kept there. */
    static void register(Connection connection, TableName name, String topic, Layout layout) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REGISTER)) {
            statement.setString(1, name.toString());
            statement.setString(2, topic);
            setNames(connection, statement, 3, layout.partitionKey());
            setNames(
                    connection,
                    statement,
                    4,
                    layout.clustering().stream().map(Layout.Clustering::column).toList());
            setNames(connection, statement, 5, layout.statics());
            setNames(connection, statement, 6, layout.values());
            statement.executeUpdate();
        }
    }

    /** The table as it is on record and in the catalog; empty if it is not in both. */
    static Optional<ReplicatedTable> find(Connection connection, TableName name) throws SQLException {
        Optional<Catalog.Table> table = Catalog.read(connection, name);
        if (table.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> types = table.get().columns();
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, name.toString());
            try (ResultSet result = statement.executeQuery()) {
                return result.next()
                        ? Optional.of(new ReplicatedTable(
                                name,
                                Layout.textual(
                                        columns(result, 1, types),
                                        columns(result, 2, types),
                                        columns(result, 3, types),
                                        columns(result, 4, types))))
                        : Optional.empty();
            }
        }
    }

    private static List<Column> columns(ResultSet result, int index, Map<String, String> types) throws SQLException {
        return Arrays.stream((String[]) result.getArray(index).getArray())
                .filter(types::containsKey)
                .map(column -> Column.textual(column, types.get(column)))
                .toList();
    }

    private static void setNames(
            Connection connection, PreparedStatement statement, int parameter, List<Column> columns)
            throws SQLException {
        statement.setArray(
                parameter,
                connection.createArrayOf(
                        "text", columns.stream().map(Column::name).toArray(String[]::new)));
    }
}
