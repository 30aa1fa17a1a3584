package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.schema.CqlTypes;
import io.github.scyllapgcdc.schema.StaleTypeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where each column of the table stands in a row of its log, and how its bytes are read. It fits exactly one list of log
 * columns: a page whose columns differ needs another layout, since the table's schema changed in between.
 */
public final class LogLayout {
    private static final int ABSENT = -1;

    final TableShape shape;
    final EventSchema schema;
    final int stream;
    final int time;
    final int sequence;
    final int operation;
    final int ttl;
    final int endOfBatch;
    final int[] key;
    final int[] value;
    final int[] deleted;
    /** Of the columns that are not atomic: where the log has what was removed from them. */
    final int[] deletedElements;
    /** Indices of the value columns that belong to rows, and of those that belong to partitions. */
    final int[] regularColumns;

    final int[] staticColumns;
    final boolean[] list;
    final CqlTypes.Reader[] keyReaders;
    final CqlTypes.Reader[] valueReaders;
    /** They give a {@code List}: elements, keys or names of fields. */
    final CqlTypes.Reader[] removedReaders;

    private final List<LogColumn> columns;

    /**
     * A layout.
     *
     * @param columns the log's columns, in the order its rows have them
     * @throws IllegalArgumentException if the log lacks a column of the table, or has one the table lacks
     */
    LogLayout(TableShape shape, List<LogColumn> columns) {
        this.shape = shape;
        this.schema = shape.schema();
        this.columns = List.copyOf(columns);
        this.stream = index(LogColumns.STREAM_ID);
        this.time = index(LogColumns.TIME);
        this.sequence = index(LogColumns.BATCH_SEQ_NO);
        this.operation = index(LogColumns.OPERATION);
        this.ttl = index(LogColumns.TTL);
        this.endOfBatch = index(LogColumns.END_OF_BATCH);
        List<EventColumn> values = schema.valueColumns();
        this.key = indices(schema.keyColumns(), "");
        this.value = indices(values, "");
        this.deleted = indices(values, LogColumns.DELETED_PREFIX);
        this.regularColumns = ofKind(values, EventColumn.Kind.REGULAR);
        this.staticColumns = ofKind(values, EventColumn.Kind.STATIC);
        this.keyReaders = readers(key);
        this.valueReaders = readers(value);
        this.list = new boolean[value.length];
        this.deletedElements = new int[value.length];
        this.removedReaders = new CqlTypes.Reader[value.length];
        for (int i = 0; i < value.length; i++) {
            EventColumn column = values.get(i);
            list[i] = shape.isList(column.name());
            deletedElements[i] = list[i] || column.removed() != null
                    ? index(LogColumns.DELETED_ELEMENTS_PREFIX + column.name())
                    : ABSENT;
            if (list[i]) {
                valueReaders[i] = elementsInOrder(valueReaders[i]);
            }
            if (column.removed() != null) {
                removedReaders[i] = removedReader(
                        columns.get(value[i]).type(),
                        columns.get(deletedElements[i]).type());
            }
        }
        long ofTheTable =
                columns.stream().filter(c -> !c.name().startsWith("cdc$")).count();
        if (ofTheTable != key.length + value.length) {
            throw new IllegalArgumentException("the log of " + schema.table() + " has columns that the table lacks");
        }
    }

    /** The table's shape that this layout reads into. */
    public EventSchema schema() {
        return schema;
    }

    /** Whether rows with these columns can be read with this layout. */
    public boolean fits(List<LogColumn> other) {
        return columns.equals(other);
    }

    /** Whether the column is written as one value, so that the log has nothing but the value and whether it was deleted. */
    boolean isAtomic(int valueColumn) {
        return deletedElements[valueColumn] == ABSENT;
    }

    /** The log has a list as a map from the time UUIDs of its cells, which sort as the list does. */
    private static CqlTypes.Reader elementsInOrder(CqlTypes.Reader cells) {
        return bytes -> new ArrayList<Object>(((Map<?, ?>) cells.read(bytes)).values());
    }

    /** Removed fields of a user type are numbered in the log; events name them. */
    private static CqlTypes.Reader removedReader(DataType column, DataType removed) {
        CqlTypes.Reader reader = CqlTypes.reader(removed);
        if (!(column instanceof UserDefinedType type)) {
            return reader;
        }
        List<String> names =
                type.getFieldNames().stream().map(CqlIdentifier::asInternal).toList();
        return bytes -> {
            List<Object> fields = new ArrayList<>();
            for (Object number : (List<?>) reader.read(bytes)) {
                if ((Integer) number >= names.size()) {
                    throw new StaleTypeException("field " + number + " of " + type.asCql(false, true)
                            + " was removed, which is known to have " + names.size() + " fields");
                }
                fields.add(names.get((Integer) number));
            }
            return fields;
        };
    }

    private int index(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("the log of " + schema.table() + " has no column " + column);
    }

    private int[] indices(List<EventColumn> of, String prefix) {
        return of.stream().mapToInt(c -> index(prefix + c.name())).toArray();
    }

    private static int[] ofKind(List<EventColumn> columns, EventColumn.Kind kind) {
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).kind() == kind)
                .toArray();
    }

    private CqlTypes.Reader[] readers(int[] indices) {
        return Arrays.stream(indices)
                .mapToObj(index -> CqlTypes.reader(columns.get(index).type()))
                .toArray(CqlTypes.Reader[]::new);
    }
}
