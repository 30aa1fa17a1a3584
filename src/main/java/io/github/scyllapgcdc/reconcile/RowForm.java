package io.github.scyllapgcdc.reconcile;

import com.datastax.oss.driver.api.core.cql.Row;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import io.github.scyllapgcdc.schema.CanonicalBuffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of either side in the one form in which they are compared: the canonical bytes of all columns, one behind the other. Keeps
 * a buffer, so it belongs to one thread.
 */
final class RowForm {
    private static final HashFunction HASH = Hashing.murmur3_128();

    private final TableForm form;
    private final CanonicalBuffer buffer = new CanonicalBuffer();

    RowForm(TableForm form) {
        this.form = form;
    }

    /** The hash of a row of ScyllaDB. */
    long hash(Row row) {
        buffer.reset();
        List<TableForm.Column> columns = form.columns();
        for (int i = 0; i < columns.size(); i++) {
            ByteBuffer bytes = row.getBytesUnsafe(i);
            columns.get(i)
                    .canonical()
                    .write(bytes == null ? null : columns.get(i).cql().read(bytes), buffer);
        }
        return hash();
    }

    /** The hash of a row of Postgres; {@link #key} of it may be asked for afterwards. */
    long hash(CopyTuple tuple) {
        buffer.reset();
        List<TableForm.Column> columns = form.columns();
        for (int i = 0, at = 0; i < columns.size(); i++) {
            TableForm.Column column = columns.get(i);
            Object value = column.sql() == null ? null : value(column, tuple.field(at++));
            column.canonical().write(value, buffer);
        }
        return hash();
    }

    private long hash() {
        return hash(buffer.array(), buffer.length());
    }

    static long hash(byte[] canonical, int length) {
        return HASH.hashBytes(canonical, 0, length).asLong();
    }

    /** A row of ScyllaDB. */
    RowImage image(Row row) {
        Object[] values = new Object[form.columns().size()];
        for (int i = 0; i < values.length; i++) {
            ByteBuffer bytes = row.getBytesUnsafe(i);
            values[i] = bytes == null ? null : form.columns().get(i).cql().read(bytes);
        }
        return image(values);
    }

    /** A row of Postgres. */
    RowImage image(CopyTuple tuple) {
        Object[] values = new Object[form.columns().size()];
        for (int i = 0, at = 0; i < values.length; i++) {
            TableForm.Column column = form.columns().get(i);
            values[i] = column.sql() == null ? null : value(column, tuple.field(at++));
        }
        return image(values);
    }

    private RowImage image(Object[] values) {
        Object[] key = Arrays.copyOf(values, form.key().size());
        buffer.reset();
        int ofKey = 0;
        for (int i = 0; i < values.length; i++) {
            form.columns().get(i).canonical().write(values[i], buffer);
            ofKey = i == key.length - 1 ? buffer.length() : ofKey;
        }
        byte[] content = buffer.toByteArray();
        return new RowImage(new RowKey(key, ByteBuffer.wrap(content, 0, ofKey).slice()), values, content);
    }

    /** The canonical bytes of one column's value. */
    byte[] canonical(int column, Object value) {
        buffer.reset();
        form.columns().get(column).canonical().write(value, buffer);
        return buffer.toByteArray();
    }

    /** A key as events carry it; of a whole partition, if its clustering columns are null. */
    RowKey key(Object[] values) {
        int columns = values.length;
        while (columns > 0 && values[columns - 1] == null) {
            columns--;
        }
        buffer.reset();
        for (int i = 0; i < columns; i++) {
            form.key().get(i).canonical().write(values[i], buffer);
        }
        return new RowKey(values, ByteBuffer.wrap(buffer.toByteArray()));
    }

    /** The key of the whole partition that a row is in. */
    RowKey partition(RowKey key) {
        return key(form.partitionOf(key.values()));
    }

    /** A row of which nothing but the key was read. */
    RowImage withoutValues(RowKey key) {
        return image(Arrays.copyOf(key.values(), form.columns().size()));
    }

    /** The key of a row of Postgres, whose columns are those of the key first. */
    RowKey key(CopyTuple tuple) {
        return key(keyValues(tuple, form.key().size()));
    }

    /** The partition key of a row of Postgres, as CQL serialises it; null if no row of ScyllaDB can have such a key. */
    List<ByteBuffer> partition(CopyTuple tuple) {
        Object[] values = keyValues(tuple, form.schema().partitionKeySize());
        return form.inScylla(values) ? form.partition(values) : null;
    }

    private Object[] keyValues(CopyTuple tuple, int count) {
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            values[i] = value(form.key().get(i), tuple.field(i));
        }
        return values;
    }

    private static Object value(TableForm.Column column, ByteBuffer bytes) {
        if (bytes == null) {
            return null;
        }
        column.check(bytes);
        return column.sql().read(bytes);
    }
}
