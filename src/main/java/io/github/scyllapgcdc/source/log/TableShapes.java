package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.schema.ClusteringOrder;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.type.DataType;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.schema.CqlTypes;
import io.github.scyllapgcdc.schema.UnsupportedTypeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks a table up in the cluster's schema and says, in one line, what keeps it from being replicated. */
public final class TableShapes {
    private static final CqlIdentifier EXTENSIONS = CqlIdentifier.fromInternal("extensions");

    private TableShapes() {}

    /**
     * The table's shape, as the session knows it now; if the table is missing there, the schema is fetched again first.
     *
     * @throws TableException if there is no such table, it has no CDC log, or it can't be replicated
     */
    public static TableShape of(CqlSession session, TableId table) {
        try {
            return known(session, table);
        } catch (TableException e) {
            session.refreshSchema(); // a table made a moment ago may not have reached this session's copy
            return known(session, table);
        }
    }

    private static TableShape known(CqlSession session, TableId table) {
        KeyspaceMetadata keyspace = session.getMetadata()
                .getKeyspace(CqlIdentifier.fromInternal(table.keyspace()))
                .orElseThrow(() -> new TableException("table " + table + ": ScyllaDB has no keyspace "
                        + table.keyspace() + "; create it, or correct the route's scylla-cdc: address"));
        TableMetadata metadata = keyspace.getTable(CqlIdentifier.fromInternal(table.name()))
                .orElseThrow(() -> new TableException("table " + table + " does not exist in ScyllaDB; create it, or "
                        + "correct the route's scylla-cdc: address"));
        CdcOptions options = options(table, metadata);
        if (keyspace.getTable(CqlIdentifier.fromInternal(table.name() + LogColumns.TABLE_SUFFIX))
                .isEmpty()) {
            throw withoutCdc(table);
        }
        if (!options.fullDelta() && !options.postimage()) {
            throw new TableException("table " + table + " logs keys only (cdc option 'delta': 'keys') and no "
                    + "postimages, so what was written is nowhere; ALTER TABLE " + table
                    + " WITH cdc = {'enabled': true, 'delta': 'full'}, or add 'postimage': true");
        }
        return shape(table, metadata, options);
    }

    private static CdcOptions options(TableId table, TableMetadata metadata) {
        if (metadata.getOptions().get(EXTENSIONS) instanceof Map<?, ?> extensions
                && extensions.get("cdc") instanceof ByteBuffer cdc) {
            CdcOptions options = CdcOptions.parse(cdc);
            if (options.enabled()) {
                return options;
            }
        }
        throw withoutCdc(table);
    }

    private static TableException withoutCdc(TableId table) {
        return new TableException("table " + table + " has no CDC log; switch it on with ALTER TABLE " + table
                + " WITH cdc = {'enabled': true}");
    }

    private static TableShape shape(TableId table, TableMetadata metadata, CdcOptions options) {
        List<EventColumn> columns = new ArrayList<>();
        Map<String, DataType> types = new HashMap<>();
        metadata.getPartitionKey().forEach(c -> add(table, c, Kind.PARTITION_KEY, false, columns, types));
        metadata.getClusteringColumns()
                .forEach((c, order) -> add(table, c, Kind.CLUSTERING, order == ClusteringOrder.DESC, columns, types));
        metadata.getColumns().values().stream()
                .filter(c -> !types.containsKey(c.getName().asInternal()))
                .forEach(c -> add(table, c, c.isStatic() ? Kind.STATIC : Kind.REGULAR, false, columns, types));
        return new TableShape(EventSchema.of(table, columns), Map.copyOf(types), options.ttl(), !options.fullDelta());
    }

    private static void add(
            TableId table,
            ColumnMetadata column,
            Kind kind,
            boolean descending,
            List<EventColumn> columns,
            Map<String, DataType> types) {
        String name = column.getName().asInternal();
        DataType type = column.getType();
        try {
            columns.add(new EventColumn(
                    name,
                    kind,
                    CqlTypes.avroType(table, name, type),
                    type.asCql(true, true),
                    descending,
                    CqlTypes.removedType(table, name, type)));
        } catch (UnsupportedTypeException e) {
            throw new TableException("table " + table + ", column " + name + ": " + e.getMessage());
        }
        types.put(name, type);
    }

    /** The table's log, quoted for CQL. */
    static String logTable(TableId table) {
        return CqlIdentifier.fromInternal(table.keyspace()).asCql(true)
                + '.'
                + CqlIdentifier.fromInternal(table.name() + LogColumns.TABLE_SUFFIX)
                        .asCql(true);
    }
}
