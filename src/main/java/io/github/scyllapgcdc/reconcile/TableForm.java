package io.github.scyllapgcdc.reconcile;

import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.schema.Canonical;
import io.github.scyllapgcdc.schema.CqlTypes;
import io.github.scyllapgcdc.schema.SqlBinary;
import io.github.scyllapgcdc.schema.UnlikeValue;
import io.github.scyllapgcdc.schema.ValueCheck;
import io.github.scyllapgcdc.schema.ValuePolicy;
import io.github.scyllapgcdc.sink.Catalog;
import io.github.scyllapgcdc.sink.sql.TableName;
import io.github.scyllapgcdc.source.log.TableShape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A table as both sides have it: ScyllaDB's columns, those of the key first, each with its readers and the one form in which its
 * values are compared. Columns that only Postgres has are not compared.
 */
final class TableForm {
    private static final int MOST_KEY_BYTES = 65_535;

    private final TableShape shape;
    private final TableName target;
    private final List<Column> columns;

    /**
     * A column.
     *
     * @param sql null if Postgres does not have the column, which then counts as null in every row
     * @param postgresType as {@code format_type} writes it, null if Postgres does not have the column
     * @param width how many bytes each value has there, -1 where they differ
     */
    record Column(
            EventColumn column,
            CqlTypes.Reader cql,
            CqlTypes.Writer cqlWriter,
            SqlBinary.Reader sql,
            String postgresType,
            int width,
            Canonical.Writer canonical) {
        String name() {
            return column.name();
        }

        /** The sink may widen a column while it is read. */
        void check(ByteBuffer bytes) {
            if (width >= 0 && bytes.remaining() != width) {
                throw changed("column \"" + name() + "\" is no longer " + postgresType);
            }
        }
    }

    private static final Map<String, Integer> WIDTHS = Map.of(
            "smallint", Short.BYTES,
            "integer", Integer.BYTES,
            "bigint", Long.BYTES,
            "real", Float.BYTES,
            "double precision", Double.BYTES);

    /** What is to be said of a table that is not what it was when the run began. */
    static RowReadException changed(String what) {
        return new RowReadException(
                "the Postgres table was changed while it was compared: " + what + "; run it again", null);
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
                CqlTypes.writer(shape.types().get(column.name())),
                postgresType == null ? null : SqlBinary.reader(column.type(), postgresType),
                postgresType,
                WIDTHS.getOrDefault(postgresType == null ? "" : postgresType, -1),
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

    /**
     * Requires that Postgres has the same columns as when the run began, since a row without one can look like one that differs.
     *
     * @throws RowReadException if it has not
     */
    void requireSame(Map<String, String> postgresTypes) {
        for (Column column : columns) {
            if (!Objects.equals(column.postgresType(), postgresTypes.get(column.name()))) {
                throw changed("column \"" + column.name() + "\" was "
                        + (column.postgresType() == null ? "not there" : column.postgresType()));
            }
        }
    }

    /** What sums of rows depend on; a run whose table has another one by now can't go on with them. */
    String layout() {
        return columns.stream()
                .map(column -> column.name() + ' ' + column.column().cqlType() + (column.sql() == null ? " -" : ""))
                .collect(Collectors.joining(", "));
    }

    /** Whether ScyllaDB can have a row with a key, or with the leading columns of one. */
    boolean inScylla(Object[] key) {
        for (Object value : key) {
            if (isUnlike(value)) {
                return false;
            }
        }
        if (schema().partitionKeySize() > 1) {
            return true;
        }
        int size = partition(key).get(0).remaining(); // of one column alone, which is the whole key of the partition
        return size > 0 && size <= MOST_KEY_BYTES;
    }

    /** Whether Postgres can have a row with a key. */
    boolean inPostgres(Object[] key) {
        for (int i = 0; i < key.length; i++) {
            ValueCheck check = ValueCheck.ofKey(columns.get(i).column().type(), i < schema().partitionKeySize());
            if (isUnlike(key[i]) || (key[i] != null && check.refuse(key[i]) != null)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnlike(Object value) {
        return value instanceof UnlikeValue
                || (value instanceof Collection<?> parts && parts.stream().anyMatch(TableForm::isUnlike))
                || (value instanceof Map<?, ?> map
                        && (map.keySet().stream().anyMatch(TableForm::isUnlike)
                                || map.values().stream().anyMatch(TableForm::isUnlike)));
    }

    /** A partition key as CQL serialises it. */
    List<ByteBuffer> partition(Object[] key) {
        List<ByteBuffer> partition = new ArrayList<>(schema().partitionKeySize());
        for (int i = 0; i < schema().partitionKeySize(); i++) {
            partition.add(columns.get(i).cqlWriter().write(key[i]));
        }
        return partition;
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
