package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.refresh.RefreshRequest;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import io.github.scyllapgcdc.schema.SqlBinary;
import io.github.scyllapgcdc.schema.UnlikeValue;
import io.github.scyllapgcdc.sink.sql.Identifiers;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the source for every row that a reload did not bring: such rows are gone there, or were written only a moment ago. That
 * a row was not brought shows by the transaction that wrote it last, so nothing has to be kept while the reload runs.
 */
final class SweepRun {
    private static final Logger LOG = LoggerFactory.getLogger(SweepRun.class);
    private static final int ROWS = 1000;

    private final Connection connection;
    private final String topic;
    private final TableName table;
    private final int schemaId;
    private final List<Schema.Field> key;
    private final EventCodec codec;

    /** @param connection with a transaction */
    SweepRun(Connection connection, SchemaRegistry registry, String topic, TableName table) {
        this.connection = connection;
        this.topic = topic;
        this.table = table;
        this.schemaId = registry.latest(topic + "-key");
        this.key = registry.byId(schemaId).getFields();
        this.codec = new EventCodec(registry);
    }

    /**
     * Asks for the rows.
     *
     * @param since rows that this or a later transaction wrote are left out; null: none is
     * @return how many it asked for
     * @throws TableStoppedException if keys of the table can't be read back
     */
    long ask(String since, Refreshes refreshes) throws SQLException {
        List<SqlBinary.Reader> readers = readers();
        long asked = 0;
        long unlike = 0;
        try (PreparedStatement statement = connection.prepareStatement(select(since != null))) {
            if (since != null) {
                statement.setString(1, since);
            }
            statement.setFetchSize(ROWS);
            List<RefreshRequest> requests = new ArrayList<>(ROWS);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Object[] values = key(ByteBuffer.wrap(rows.getBytes(1)), readers);
                    if (Arrays.stream(values).anyMatch(UnlikeValue.class::isInstance)) {
                        unlike++;
                        continue;
                    }
                    byte[] recordKey = codec.encodeKey(schemaId, values);
                    requests.add(new RefreshRequest(topic, recordKey, "a reload did not bring it"));
                    if (requests.size() == ROWS) {
                        refreshes.send(requests);
                        requests.clear();
                    }
                    asked++;
                }
            }
            refreshes.send(requests);
        }
        if (unlike > 0) {
            LOG.warn(
                    "Rows that something else wrote, whose keys the source can't have: table={} rows={}",
                    table,
                    unlike);
        }
        return asked;
    }

    /** A record in Postgres' binary form: the number of columns; of each its type, the length of its value and the value. */
    private static Object[] key(ByteBuffer bytes, List<SqlBinary.Reader> readers) {
        Object[] values = new Object[readers.size()];
        bytes.getInt();
        for (int i = 0; i < values.length; i++) {
            bytes.getInt();
            int length = bytes.getInt();
            values[i] = readers.get(i).read(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
        }
        return values;
    }

    private List<SqlBinary.Reader> readers() throws SQLException {
        Map<String, String> columns =
                Catalog.read(connection, table).map(Catalog.Table::columns).orElse(Map.of());
        List<SqlBinary.Reader> readers = new ArrayList<>();
        for (Schema.Field field : key) {
            String column = EventTypes.fieldName(field);
            if (!columns.containsKey(column)) {
                throw new TableStoppedException("rows of table " + table
                        + " that a reload did not bring can't be asked for: it has no column \"" + column
                        + "\", which is part of the key in the source; add it, or drop the table and load it again");
            }
            readers.add(SqlBinary.reader(EventTypes.withoutNull(field.schema()), columns.get(column)));
        }
        return readers;
    }

    /** The age of a transaction counts from the current one, so it does not matter that their numbers wrap around. */
    private String select(boolean untouchedOnly) {
        String columns = key.stream()
                .map(field -> Identifiers.quote(EventTypes.fieldName(field)))
                .collect(Collectors.joining(", "));
        return "SELECT record_send(ROW(" + columns + ")) FROM " + table.quoted()
                + (untouchedOnly ? " WHERE age(xmin) > age(?::xid)" : "");
    }
}
