package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.schema.SqlType;
import io.github.scyllapgcdc.schema.SqlTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The columns of one table as some versions of its event schema carry them: the key, and the union of their value columns.
 * Events of all those versions fold into one batch. Immutable.
 */
public final class Layout {
    private final List<Column> key;
    private final int partitionKeySize;
    private final List<Column> values;
    private final Map<String, Integer> valueIndices = new HashMap<>();

    private Layout(List<Column> key, int partitionKeySize, List<Column> values) {
        this.key = List.copyOf(key);
        this.partitionKeySize = partitionKeySize;
        this.values = List.copyOf(values);
        for (int i = 0; i < values.size(); i++) {
            valueIndices.put(values.get(i).name(), i);
        }
    }

    /**
     * The layout of one schema.
     *
     * @throws io.github.scyllapgcdc.schema.UnsupportedTypeException if a column's type has no counterpart
     */
    public static Layout of(EventSchema schema) {
        return new Layout(columns(schema.keyColumns()), schema.partitionKeySize(), columns(schema.valueColumns()));
    }

    /**
     * The layout that also holds a schema's columns: this one if nothing is missing, empty if a column is of another type
     * there or the key differs, so that events of the two cannot share a batch.
     */
    public Optional<Layout> with(EventSchema schema) {
        Layout other = of(schema);
        if (partitionKeySize != other.partitionKeySize || !sameColumns(key, other.key)) {
            return Optional.empty();
        }
        List<Column> union = new ArrayList<>(values);
        for (Column column : other.values) {
            Integer index = valueIndices.get(column.name());
            if (index == null) {
                union.add(column);
            } else if (!sameColumn(values.get(index), column)) {
                return Optional.empty();
            }
        }
        return Optional.of(union.size() == values.size() ? this : new Layout(key, partitionKeySize, union));
    }

    /** The key's columns, partition key first. */
    public List<Column> key() {
        return key;
    }

    /** The key's columns that name a partition. */
    public List<Column> partitionKey() {
        return key.subList(0, partitionKeySize);
    }

    public List<Column> values() {
        return values;
    }

    /** Whether partitions have more than one row. */
    public boolean hasClusteringKey() {
        return key.size() > partitionKeySize;
    }

    /** This layout's index of each of a schema's value columns. */
    int[] indices(EventSchema schema) {
        return schema.valueColumns().stream()
                .mapToInt(column -> valueIndices.get(column.name()))
                .toArray();
    }

    private static List<Column> columns(List<EventColumn> columns) {
        return columns.stream()
                .map(column -> new Column(column.name(), SqlTypes.of(column.type())))
                .toList();
    }

    private static boolean sameColumns(List<Column> some, List<Column> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!sameColumn(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameColumn(Column one, Column other) {
        SqlType type = one.type();
        return one.name().equals(other.name())
                && type.name().equals(other.type().name());
    }
}
