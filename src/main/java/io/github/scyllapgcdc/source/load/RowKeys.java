package io.github.scyllapgcdc.source.load;

import com.datastax.oss.driver.api.core.type.DataType;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.schema.CqlTypes;
import io.github.scyllapgcdc.source.log.TableShape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keys of events as CQL takes them. */
public final class RowKeys {
    private RowKeys() {}

    /**
     * A key's columns as CQL serialises them: all of them, or those of the partition key if the others are null.
     *
     * @param values in the order of the table's key columns
     * @throws IllegalArgumentException if this is no key of the table
     */
    public static List<ByteBuffer> bytes(TableShape shape, Object[] values) {
        EventSchema schema = shape.schema();
        List<EventColumn> columns = schema.keyColumns();
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(
                    "it has " + values.length + " columns, the key of " + schema.table() + " has " + columns.size());
        }
        List<ByteBuffer> bytes = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                if (bytes.size() < i) {
                    throw new IllegalArgumentException(
                            "its column " + columns.get(i - 1).name() + " is null");
                }
                bytes.add(bytes(columns.get(i), shape.types().get(columns.get(i).name()), values[i]));
            }
        }
        if (bytes.size() != values.length && bytes.size() != schema.partitionKeySize()) {
            throw new IllegalArgumentException(
                    "its column " + columns.get(bytes.size()).name() + " is null");
        }
        return bytes;
    }

    private static ByteBuffer bytes(EventColumn column, DataType type, Object value) {
        try {
            return CqlTypes.writer(type).write(value);
        } catch (ClassCastException e) {
            throw new IllegalArgumentException(
                    "its column " + column.name() + " is \"" + value + "\", which is no " + type.asCql(true, true), e);
        }
    }
}
