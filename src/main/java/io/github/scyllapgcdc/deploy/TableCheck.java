package io.github.scyllapgcdc.deploy;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.schema.CqlTypes;
import io.github.scyllapgcdc.schema.SqlTypes;
import io.github.scyllapgcdc.schema.UnsupportedTypeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Whether a table can be replicated: it exists, has CDC, and its columns have types that an event can carry and Postgres can hold. */
public final class TableCheck {
    private static final String LOG_SUFFIX = "_scylla_cdc_log";

    private TableCheck() {}

    /**
     * Passes a table that can be replicated.
     *
     * @throws DeployException naming the table or the column, and the remedy
     */
    public static void require(CqlSession session, TableId id) {
        KeyspaceMetadata keyspace = session.getMetadata()
                .getKeyspace(CqlIdentifier.fromInternal(id.keyspace()))
                .orElseThrow(() -> new DeployException("keyspace " + id.keyspace() + " does not exist"));
        TableMetadata table = keyspace.getTable(CqlIdentifier.fromInternal(id.name()))
                .orElseThrow(() -> new DeployException(
                        "table " + id + " does not exist; " + id.keyspace() + " has " + tables(keyspace)));
        if (keyspace.getTable(CqlIdentifier.fromInternal(id.name() + LOG_SUFFIX))
                .isEmpty()) {
            throw new DeployException("table " + id + " has no CDC: switch it on with ./cdc cql \"ALTER TABLE " + id
                    + " WITH cdc = {'enabled': true}\"");
        }
        List<String> unsupported = new ArrayList<>();
        for (ColumnMetadata column : table.getColumns().values()) {
            try {
                SqlTypes.of(EventTypes.withoutNull(
                        CqlTypes.avroType(id, column.getName().asInternal(), column.getType())));
            } catch (UnsupportedTypeException e) {
                unsupported.add(
                        column.getName().asInternal() + " " + column.getType().asCql(false, true));
            }
        }
        if (!unsupported.isEmpty()) {
            throw new DeployException(
                    "table " + id + " has columns of types that are not supported: " + String.join(", ", unsupported));
        }
    }

    private static String tables(KeyspaceMetadata keyspace) {
        String names = keyspace.getTables().keySet().stream()
                .map(CqlIdentifier::asInternal)
                .filter(name -> !name.endsWith(LOG_SUFFIX))
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "no tables" : names;
    }
}
