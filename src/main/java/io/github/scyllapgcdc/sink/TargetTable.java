package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.schema.ValuePolicy;
import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.Layout;
import io.github.scyllapgcdc.sink.sql.ApplySql;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A Postgres table that is known to hold the columns of some event schemas. Immutable, so that batches of several threads
 * share it.
 */
final class TargetTable {
    private final TableName name;
    private final String primaryKey;
    private final Set<String> columns;
    private final ValuePolicy policy;
    private final Layout latest;
    private final Map<EventSchema, Layout> layouts;
    private final Map<Layout, ApplySql> statements;

    /**
     * Describes a table.
     *
     * @param primaryKey the name of its primary key's constraint
     * @param columns all it has
     * @param policy what becomes of values it can't hold
     */
    TargetTable(TableName name, String primaryKey, Set<String> columns, ValuePolicy policy) {
        this(name, primaryKey, columns, policy, null, new HashMap<>(), new HashMap<>());
    }

    private TargetTable(
            TableName name,
            String primaryKey,
            Set<String> columns,
            ValuePolicy policy,
            Layout latest,
            Map<EventSchema, Layout> layouts,
            Map<Layout, ApplySql> statements) {
        this.name = name;
        this.primaryKey = primaryKey;
        this.columns = Set.copyOf(columns);
        this.policy = policy;
        this.latest = latest;
        this.layouts = layouts;
        this.statements = statements;
    }

    /** The same with a schema more, whose columns the table has. Events of all schemas share a layout where they can. */
    TargetTable accepting(EventSchema schema, Set<String> columnsNow) {
        Map<EventSchema, Layout> nextLayouts = new HashMap<>(layouts);
        Map<Layout, ApplySql> nextStatements = new HashMap<>(statements);
        Layout next = latest == null
                ? Layout.of(schema, policy)
                : latest.with(schema).orElseGet(() -> Layout.of(schema, policy));
        if (latest != null && latest.with(schema).isPresent()) {
            nextLayouts.replaceAll((s, layout) -> layout == latest ? next : layout);
        }
        nextLayouts.put(schema, next);
        nextStatements.keySet().retainAll(nextLayouts.values());
        nextStatements.computeIfAbsent(next, layout -> new ApplySql(name, layout));
        return new TargetTable(name, primaryKey, columnsNow, policy, next, nextLayouts, nextStatements);
    }

    TableName name() {
        return name;
    }

    String primaryKey() {
        return primaryKey;
    }

    boolean accepts(EventSchema schema) {
        return layouts.containsKey(schema);
    }

    /** The layout that events of an accepted schema fold into. */
    Layout layout(EventSchema schema) {
        return layouts.get(schema);
    }

    ApplySql statements(Layout layout) {
        return statements.get(layout);
    }

    /** Whether the table has columns that a layout's events don't carry. */
    boolean hasColumnsBeyond(Layout layout) {
        return columns.size() > layout.all().size();
    }

    /** The names of a layout's columns, for messages. */
    static String names(Iterable<Column> columns) {
        StringBuilder names = new StringBuilder();
        columns.forEach(column -> names.append(names.isEmpty() ? "" : ", ")
                .append('"')
                .append(column.name())
                .append('"'));
        return names.toString();
    }
}
