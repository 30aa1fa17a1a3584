package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.refresh.RefreshRequest;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import io.github.scyllapgcdc.schema.SqlReader;
import io.github.scyllapgcdc.sink.sql.Identifiers;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * Asks the source for every row that a reload did not bring: such rows are gone there, or were written only a moment ago. That
 * a row was not brought shows by the transaction that wrote it last, so nothing has to be kept while the reload runs.
 */
final class SweepRun {
    private static final int ROWS = 1000;
    private static final String SETTINGS =
            "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL bytea_output = 'hex'";

    private final Connection connection;
    private final String topic;
    private final TableName table;
    private final int schemaId;
    private final List<Schema.Field> key;
    private final EventCodec codec;

    /** @param connection with a transaction, whose settings this changes */
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
        List<Function<String, Object>> readers = readers();
        try (Statement settings = connection.createStatement()) {
            settings.execute(SETTINGS);
        }
        long asked = 0;
        try (PreparedStatement statement = connection.prepareStatement(select(since != null))) {
            if (since != null) {
                statement.setString(1, since);
            }
            statement.setFetchSize(ROWS);
            List<RefreshRequest> requests = new ArrayList<>(ROWS);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    requests.add(new RefreshRequest(topic, recordKey(rows, readers), "a reload did not bring it"));
                    if (requests.size() == ROWS) {
                        refreshes.send(requests);
                        requests.clear();
                    }
                    asked++;
                }
            }
            refreshes.send(requests);
        }
        return asked;
    }

    private byte[] recordKey(ResultSet row, List<Function<String, Object>> readers) throws SQLException {
        Object[] values = new Object[readers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = readers.get(i).apply(row.getString(i + 1));
        }
        return codec.encodeKey(schemaId, values);
    }

    private List<Function<String, Object>> readers() {
        List<Function<String, Object>> readers = new ArrayList<>();
        for (Schema.Field field : key) {
            Optional<Function<String, Object>> reader = SqlReader.of(EventTypes.withoutNull(field.schema()));
            readers.add(reader.orElseThrow(() -> new TableStoppedException("rows of table " + table
                    + " that a reload did not bring can't be asked for: key column \"" + EventTypes.fieldName(field)
                    + "\" is no scalar; reconcile the table")));
        }
        return readers;
    }

    /** The age of a transaction counts from the current one, so it does not matter that their numbers wrap around. */
    private String select(boolean untouchedOnly) {
        String columns = key.stream()
                .map(field -> Identifiers.quote(EventTypes.fieldName(field)) + "::text")
                .collect(Collectors.joining(", "));
        return "SELECT " + columns + " FROM " + table.quoted()
                + (untouchedOnly ? " WHERE age(xmin) > age(?::xid)" : "");
    }
}
