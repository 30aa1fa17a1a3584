package io.github.scyllapgcdc.reconcile;

import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.schema.Canonical;
import io.github.scyllapgcdc.schema.CqlTypes;
import io.github.scyllapgcdc.schema.SqlBinary;
import io.github.scyllapgcdc.schema.ValuePolicy;
import io.github.scyllapgcdc.sink.Catalog;
import io.github.scyllapgcdc.sink.sql.TableName;
import io.github.scyllapgcdc.source.log.TableShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A table as both sides have it: ScyllaDB's columns, those of the key first, each with its readers and the one form in which its
 * values are compared. Columns that only Postgres has are not compared.
 */
final class TableForm {
    private final TableShape shape;
    private final TableName target;
    private final List<Column> columns;

    /**
     * A column.
     *
     * @param sql null if Postgres does not have the column, which then counts as null in every row
     */
    record Column(EventColumn column, CqlTypes.Reader cql, SqlBinary.Reader sql, Canonical.Writer canonical) {
        String name() {
            return column.name();
        }
    }

    private TableForm(TableShape shape, TableName target, List<Column> columns) {
        this.shape = shape;
        this.target = target;
        this.columns = columns;
    }

    /**
     * The form of a table.
     *
     * @throws RunRefusedException if Postgres lacks a column of the key
     */
    static TableForm of(TableShape shape, TableName target, Catalog.Table table, ValuePolicy policy) {
        List<Column> columns = new ArrayList<>();
        EventSchema schema = shape.schema();
        schema.keyColumns().forEach(column -> columns.add(column(column, shape, table.columns(), ValuePolicy.STRICT)));
        for (Column column : columns) {
            if (column.sql() == null) {
                throw new RunRefusedException("table " + target + " has no column \"" + column.name()
                        + "\", which is in the primary key of " + schema.table() + ": it is not a copy of it");
            }
        }
        schema.valueColumns().forEach(column -> columns.add(column(column, shape, table.columns(), policy)));
        return new TableForm(shape, target, List.copyOf(columns));
    }

    private static Column column(
            EventColumn column, TableShape shape, Map<String, String> postgresTypes, ValuePolicy policy) {
        String postgresType = postgresTypes.get(column.name());
        return new Column(
                column,
                CqlTypes.reader(shape.types().get(column.name())),
                postgresType == null ? null : SqlBinary.reader(column.type(), postgresType),
                Canonical.of(column, policy));
    }

    TableShape shape() {
        return shape;
    }

    EventSchema schema() {
        return shape.schema();
    }

    TableName target() {
        return target;
    }

    /** All columns, those of the key first. */
    List<Column> columns() {
        return columns;
    }

    List<Column> key() {
        return columns.subList(0, schema().keyColumns().size());
    }

    /** The key of the whole partition that a row is in. */
    Object[] partitionOf(Object[] key) {
        return Arrays.copyOf(Arrays.copyOf(key, schema().partitionKeySize()), key.length);
    }

    /** Whether it is a row, rather than the static values of a partition that has none. */
    boolean isRow(Row row) {
        int firstClustering = schema().partitionKeySize();
        return key().size() == firstClustering || row.getBytesUnsafe(firstClustering) != null;
    }
}
