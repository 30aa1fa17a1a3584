package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.sink.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What Postgres says about a table. */
public final class Catalog {
    private static final String COLUMNS = """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> ''
            FROM pg_attribute AS a
            JOIN pg_class AS c ON c.oid = a.attrelid
            JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum""";

    private static final String PRIMARY_KEY = """
            SELECT k.conname, a.attname
            FROM pg_constraint AS k
            JOIN pg_class AS c ON c.oid = k.conrelid
            JOIN pg_namespace AS n ON n.oid = c.relnamespace
            JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
            WHERE k.contype = 'p' AND n.nspname = ? AND c.relname = ?""";

    private static final String SCHEMA = "SELECT 1 FROM pg_namespace WHERE nspname = ?";

    private Catalog() {}

    /**
     * A table as it is.
     *
     * @param columns types by name, as {@code format_type} writes them; generated columns, which nobody writes, are left out
     * @param primaryKey the constraint's name, null without one
     * @param keyColumns the primary key's columns
     */
    public record Table(Map<String, String> columns, String primaryKey, Set<String> keyColumns) {}

    /** Reads a table, empty if there is none of the name. */
    public static Optional<Table> read(Connection connection, TableName name) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        boolean exists = false;
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, name.schema());
            statement.setString(2, name.table());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    exists = true;
                    if (!result.getBoolean(3)) {
                        columns.put(result.getString(1), result.getString(2));
                    }
                }
            }
        }
        return exists ? Optional.of(withKey(connection, name, columns)) : Optional.empty();
    }

    static boolean hasSchema(Connection connection, String schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SCHEMA)) {
            statement.setString(1, schema);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }

    private static Table withKey(Connection connection, TableName name, Map<String, String> columns)
            throws SQLException {
        String primaryKey = null;
        Set<String> keyColumns = new LinkedHashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(PRIMARY_KEY)) {
            statement.setString(1, name.schema());
            statement.setString(2, name.table());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    primaryKey = result.getString(1);
                    keyColumns.add(result.getString(2));
                }
            }
        }
        return new Table(columns, primaryKey, keyColumns);
    }
}
