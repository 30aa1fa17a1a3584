package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.SinkConfig;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.metrics.Meters;
import io.github.scyllapgcdc.metrics.SinkMeters;
import io.github.scyllapgcdc.metrics.SinkMeters.SchemaChange;
import io.github.scyllapgcdc.schema.UnsupportedTypeException;
import io.github.scyllapgcdc.schema.ValuePolicy;
import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.Layout;
import io.github.scyllapgcdc.sink.fold.RowCheck;
import io.github.scyllapgcdc.sink.sql.DdlSql;
import io.github.scyllapgcdc.sink.sql.Identifiers;
import io.github.scyllapgcdc.sink.sql.TableName;
import io.github.scyllapgcdc.sink.sql.TypeFit;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Postgres tables of topics: read from the catalog, created, and widened so that they hold what events carry. Changes are
 * additive and lose nothing; where that is not enough the table is stopped. What is known is kept until {@link #forget()}.
 */
final class TargetTables {
    private static final Logger LOG = LoggerFactory.getLogger(TargetTables.class);

    private final SinkConfig config;
    private final ValuePolicy policy;
    private final Meters meters;
    private final Map<String, TargetTable> tables = new ConcurrentHashMap<>();
    private final Map<EventSchema, RowCheck> checks = new ConcurrentHashMap<>();

    TargetTables(SinkConfig config, Meters meters) {
        this.config = config;
        this.meters = meters;
        this.policy = policy(config);
    }

    static ValuePolicy policy(SinkConfig config) {
        return new ValuePolicy(
                config.textNul() == SinkConfig.TextNul.STRIP, config.timeRange() == SinkConfig.TimeRange.INFINITY);
    }

    /** Drops what is known, after a transaction that may have changed tables did not commit. */
    void forget() {
        tables.clear();
        checks.clear();
    }

    /** What tells whether events of a schema can be applied. */
    RowCheck check(EventSchema schema) {
        return checks.computeIfAbsent(schema, s -> RowCheck.of(s, policy));
    }

    /** Whether a constraint is the primary key of one of the tables, or the catalog's own. */
    boolean isKey(String schema, String table, String constraint) {
        return "pg_catalog".equals(schema)
                || tables.values().stream()
                        .anyMatch(t -> t.name().schema().equals(schema)
                                && t.name().table().equals(table)
                                && t.primaryKey().equals(constraint));
    }

    /**
     * The table of a topic, made to hold events of all these schemas within the connection's transaction.
     *
     * @throws TableStoppedException if it can't hold them
     */
    TargetTable prepare(Connection connection, String topic, Collection<EventSchema> schemas) throws SQLException {
        TargetTable known = tables.get(topic);
        if (known != null && schemas.stream().allMatch(known::accepts)) {
            return known;
        }
        TargetTable prepared = known;
        for (EventSchema schema : schemas) {
            if (prepared == null || !prepared.accepts(schema)) {
                prepared = prepare(connection, topic, schema, prepared);
            }
        }
        tables.put(topic, prepared);
        return prepared;
    }

    private TargetTable prepare(Connection connection, String topic, EventSchema schema, TargetTable known)
            throws SQLException {
        TableName name = name(topic);
        Layout layout = layout(name, schema);
        Optional<Catalog.Table> found = Catalog.read(connection, name);
        if (found.isEmpty()) {
            if (!config.autoCreate()) {
                throw new TableStoppedException("table " + name
                        + " does not exist and sink.auto.create=false: create it, or set sink.auto.create=true");
            }
            create(connection, name, layout);
            meters.sink(topic).schemaChanged(SchemaChange.CREATE);
            found = Catalog.read(connection, name);
        }
        Catalog.Table table = found.orElseThrow(() ->
                new TableStoppedException("table " + name + " was created and can't be seen: check search rights"));
        checkKey(name, table, layout);
        if (evolve(connection, name, table, layout, meters.sink(topic))) {
            table = Catalog.read(connection, name).orElse(table);
        }
        TargetTable base = known == null
                ? new TargetTable(name, table.primaryKey(), table.columns().keySet(), policy)
                : known;
        ReplicatedTable.register(connection, name, topic, layout);
        return base.accepting(schema, table.columns().keySet());
    }

    TableName name(String topic) {
        try {
            return TableName.of(config.tableNameFormat(), topic);
        } catch (IllegalArgumentException e) {
            throw new TableStoppedException(e.getMessage(), e);
        }
    }

    private Layout layout(TableName name, EventSchema schema) {
        try {
            Layout layout = Layout.of(schema, policy);
            for (Column column : layout.all()) {
                if (!Identifiers.fits(column.name())) {
                    throw new TableStoppedException("column \"" + column.name() + "\" of table " + name
                            + " has a name longer than the " + Identifiers.MAX_BYTES
                            + " bytes Postgres keeps: rename it in the source, or leave the table out");
                }
            }
            return layout;
        } catch (UnsupportedTypeException e) {
            throw new TableStoppedException("table " + name + ": " + e.getMessage(), e);
        }
    }

    private static void create(Connection connection, TableName name, Layout layout) throws SQLException {
        MetadataSchema.lock(connection);
        if (!Catalog.hasSchema(connection, name.schema())) {
            execute(connection, DdlSql.createSchema(name.schema()));
        }
        execute(connection, DdlSql.createTable(name, layout));
        LOG.info("Table created: table={} columns={}", name, layout.all().size());
    }

    private static void checkKey(TableName name, Catalog.Table table, Layout layout) {
        Set<String> key = layout.key().stream().map(Column::name).collect(Collectors.toSet());
        if (!table.keyColumns().equals(key)) {
            throw new TableStoppedException("table " + name + " needs PRIMARY KEY ("
                    + TargetTable.names(layout.key()) + ") and has "
                    + (table.primaryKey() == null ? "none" : "one of " + table.keyColumns()));
        }
    }

    private boolean evolve(
            Connection connection, TableName name, Catalog.Table table, Layout layout, SinkMeters counted)
            throws SQLException {
        Map<String, SchemaChange> changes = new LinkedHashMap<>();
        for (Column column : layout.all()) {
            boolean isNew = !table.columns().containsKey(column.name());
            change(name, table, column)
                    .ifPresent(sql -> changes.put(sql, isNew ? SchemaChange.ADD_COLUMN : SchemaChange.WIDEN_COLUMN));
        }
        if (changes.isEmpty()) {
            return false;
        }
        if (config.schemaEvolution() == SinkConfig.SchemaEvolution.NONE) {
            throw new TableStoppedException("table " + name
                    + " lacks what events carry and sink.schema.evolution=none: run \""
                    + String.join("; ", changes.keySet())
                    + "\", or set sink.schema.evolution=additive");
        }
        MetadataSchema.lock(connection);
        for (Map.Entry<String, SchemaChange> change : changes.entrySet()) {
            execute(connection, change.getKey());
            counted.schemaChanged(change.getValue());
            LOG.info("Table changed: table={} statement=\"{}\"", name, change.getKey());
        }
        return true;
    }

    private static Optional<String> change(TableName name, Catalog.Table table, Column column) {
        String existing = table.columns().get(column.name());
        if (existing == null) {
            return Optional.of(DdlSql.addColumn(name, column));
        }
        return switch (TypeFit.of(existing, column.type().name())) {
            case HOLDS -> Optional.empty();
            case WIDENS -> Optional.of(DdlSql.widenColumn(name, column));
            case DIFFERS ->
                throw new TableStoppedException("column \"" + column.name() + "\" of table " + name + " is "
                        + existing + " and events carry "
                        + column.type().name()
                        + ", which can't be changed without loss: change the column's type, or drop the column");
        };
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
