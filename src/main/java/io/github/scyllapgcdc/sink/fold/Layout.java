package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.schema.SqlTypes;
import io.github.scyllapgcdc.schema.ValuePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The columns of one table as some versions of its event schema carry them: the key, and the union of their other columns.
 * Events of all those versions fold into one batch. Immutable.
 */
public final class Layout {
    private final ValuePolicy policy;
    private final List<Column> key;
    private final List<Clustering> clustering;
    private final List<Column> values;
    private final List<Column> statics;
    private final KeyOrder order;

    /**
     * A clustering column.
     *
     * @param order what to compare, with {@code %s} for the value; null if the column's values have no order in Postgres
     */
    public record Clustering(Column column, String order, boolean descending) {}

    /**
     * Where each of a schema's value columns stands: among {@link #values()} or {@link #statics()}, -1 in the other one.
     */
    @SuppressWarnings("ArrayRecordComponent") // looked up for each column of each event
    record Indices(int[] values, int[] statics) {}

    private Layout(
            ValuePolicy policy,
            List<Column> key,
            List<Clustering> clustering,
            List<Column> values,
            List<Column> statics,
            KeyOrder order) {
        this.policy = policy;
        this.key = List.copyOf(key);
        this.clustering = List.copyOf(clustering);
        this.values = List.copyOf(values);
        this.statics = List.copyOf(statics);
        this.order = order;
    }

    /**
     * The layout of one schema.
     *
     * @param policy what becomes of values that Postgres can't hold
     * @throws io.github.scyllapgcdc.schema.UnsupportedTypeException if a column's type has no counterpart
     */
    public static Layout of(EventSchema schema, ValuePolicy policy) {
        return new Layout(
                policy,
                columns(schema.keyColumns(), c -> true, policy),
                schema.keyColumns().stream()
                        .filter(c -> c.kind() == Kind.CLUSTERING)
                        .map(c -> new Clustering(
                                Column.of(c, policy), SqlTypes.order(c.type()).orElse(null), c.descending()))
                        .toList(),
                columns(schema.valueColumns(), c -> c.kind() != Kind.STATIC, policy),
                columns(schema.valueColumns(), c -> c.kind() == Kind.STATIC, policy),
                KeyOrder.of(schema));
    }

    /** The layout of a table as Postgres has it, for changes that come from no event. */
    public static Layout textual(
            List<Column> partitionKey, List<Column> clusteringKey, List<Column> statics, List<Column> values) {
        List<Column> key = new ArrayList<>(partitionKey);
        key.addAll(clusteringKey);
        return new Layout(
                ValuePolicy.STRICT,
                key,
                clusteringKey.stream()
                        .map(column -> new Clustering(column, null, false))
                        .toList(),
                values,
                statics,
                null);
    }

    /**
     * The layout that also holds a schema's columns: this one if nothing is missing, empty if a column is of another type
     * there or the key differs, so that events of the two cannot share a batch.
     */
    public Optional<Layout> with(EventSchema schema) {
        Layout other = of(schema, policy);
        if (clustering.size() != other.clustering.size() || !sameColumns(key, other.key)) {
            return Optional.empty();
        }
        Optional<List<Column>> allValues = union(values, other.values);
        Optional<List<Column>> allStatics = union(statics, other.statics);
        if (allValues.isEmpty() || allStatics.isEmpty()) {
            return Optional.empty();
        }
        boolean nothingNew = allValues.get().equals(values) && allStatics.get().equals(statics);
        return Optional.of(
                nothingNew
                        ? this
                        : new Layout(policy, key, clustering, allValues.get(), allStatics.get(), other.order));
    }

    /** The key's columns, partition key first. */
    public List<Column> key() {
        return key;
    }

    /** The key's columns that name a partition. */
    public List<Column> partitionKey() {
        return key.subList(0, key.size() - clustering.size());
    }

    /** The key's columns that name a row within its partition. */
    public List<Clustering> clustering() {
        return clustering;
    }

    /** The columns outside the key that each row has for itself. */
    public List<Column> values() {
        return values;
    }

    /** The columns whose value all rows of a partition share. */
    public List<Column> statics() {
        return statics;
    }

    /** All columns. */
    public List<Column> all() {
        List<Column> all = new ArrayList<>(key);
        all.addAll(statics);
        all.addAll(values);
        return all;
    }

    /** Whether partitions have more than one row. */
    public boolean hasClusteringKey() {
        return !clustering.isEmpty();
    }

    KeyOrder order() {
        return order;
    }

    Indices indices(EventSchema schema) {
        return new Indices(indices(schema, values), indices(schema, statics));
    }

    private static int[] indices(EventSchema schema, List<Column> columns) {
        List<String> names = columns.stream().map(Column::name).toList();
        return schema.valueColumns().stream()
                .mapToInt(column -> names.indexOf(column.name()))
                .toArray();
    }

    private static List<Column> columns(List<EventColumn> columns, Predicate<EventColumn> which, ValuePolicy policy) {
        return columns.stream()
                .filter(which)
                .map(column -> Column.of(column, policy))
                .toList();
    }

    /** All columns of both; empty if they differ in one. */
    private static Optional<List<Column>> union(List<Column> some, List<Column> others) {
        List<Column> union = new ArrayList<>(some);
        for (Column column : others) {
            int index = some.stream().map(Column::name).toList().indexOf(column.name());
            if (index < 0) {
                union.add(column);
            } else if (!some.get(index).isLike(column)) {
                return Optional.empty();
            }
        }
        return Optional.of(union);
    }

    private static boolean sameColumns(List<Column> some, List<Column> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).isLike(others.get(i))) {
                return false;
            }
        }
        return true;
    }
}
