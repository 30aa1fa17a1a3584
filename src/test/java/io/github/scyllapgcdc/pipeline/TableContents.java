package io.github.scyllapgcdc.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.ColumnDefinitions;
import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.event.TableId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** All rows of a table as text in one canonical form, so that a Scylla table and a Postgres table compare as sets. */
final class TableContents {
    private TableContents() {}

    static SortedSet<String> ofScylla(CqlSession session, TableId table) {
        SortedSet<String> rows = new TreeSet<>();
        for (Row row : session.execute("SELECT * FROM " + table)) {
            SortedMap<String, String> columns = new TreeMap<>();
            ColumnDefinitions definitions = row.getColumnDefinitions();
            for (int i = 0; i < definitions.size(); i++) {
                columns.put(definitions.get(i).getName().asInternal(), canonical(row.getObject(i)));
            }
            rows.add(columns.toString());
        }
        return rows;
    }

    /** The rows of the table of the same name; none if there is no such table yet. */
    static SortedSet<String> ofPostgres(Connection connection, TableId table) throws SQLException {
        SortedSet<String> rows = new TreeSet<>();
        if (!exists(connection, table)) {
            return rows;
        }
        try (Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT * FROM \"" + table.keyspace() + "\".\"" + table.name() + "\"")) {
            ResultSetMetaData definitions = result.getMetaData();
            while (result.next()) {
                SortedMap<String, String> columns = new TreeMap<>();
                for (int i = 1; i <= definitions.getColumnCount(); i++) {
                    columns.put(definitions.getColumnName(i), canonical(result.getObject(i)));
                }
                rows.add(columns.toString());
            }
        }
        return rows;
    }

    private static boolean exists(Connection connection, TableId table) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, table.keyspace(), table.name(), null)) {
            return tables.next();
        }
    }

    private static String canonical(Object value) {
        if (value instanceof Instant instant) {
            return Long.toString(instant.toEpochMilli());
        }
        if (value instanceof Timestamp timestamp) {
            return Long.toString(timestamp.getTime());
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(buffer.position(), bytes);
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof BigInteger integer) {
            return new BigDecimal(integer).toPlainString();
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof InetAddress address) {
            return address.getHostAddress();
        }
        return String.valueOf(value);
    }
}
