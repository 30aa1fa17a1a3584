package io.github.scyllapgcdc.event;

import java.util.BitSet;

/**
 * One change of one row, or of a range of rows.
 *
 * <p>Values have Avro's Java types: Boolean, Integer, Long, Float, Double, String (an encoder also takes Utf8), ByteBuffer,
 * and BigDecimal where the logical type is {@code big-decimal}. Lists, sets and vectors are a {@code List}, maps a {@code
 * Map} in its order, user types and tuples the {@code List} of their fields, with nulls.
 *
 * @param schema the table's shape when the change was made
 * @param op what happened
 * @param key in the order of {@link EventSchema#keyColumns()}; clustering columns are null when the change is of a whole
 *     partition or a range
 * @param values in the order of {@link EventSchema#valueColumns()}; null where the column is null or was not written. Null as
 *     a whole for a delete
 * @param changed indices of the value columns this change wrote; null for {@link Operation#READ}, which holds all columns
 * @param elements what is known of columns that were not written whole, or null if all were
 * @param range the deleted range, or null
 * @param expiresAtMillis when the written values expire, milliseconds since 1970, or null if never
 * @param source where the change comes from
 */
@SuppressWarnings(
        "ArrayRecordComponent") // one event a row: arrays are what keeps it cheap, and nothing compares events
public record ChangeEvent(
        EventSchema schema,
        Operation op,
        Object[] key,
        Object[] values,
        BitSet changed,
        ElementChanges elements,
        Range range,
        Long expiresAtMillis,
        SourcePosition source) {

    /** A change that wrote its columns whole. */
    public ChangeEvent(
            EventSchema schema,
            Operation op,
            Object[] key,
            Object[] values,
            BitSet changed,
            Range range,
            Long expiresAtMillis,
            SourcePosition source) {
        this(schema, op, key, values, changed, null, range, expiresAtMillis, source);
    }

    /** Whether the change is a delete of a whole partition of a table that has clustering columns. */
    public boolean isPartitionDelete() {
        return op == Operation.DELETE && range == null && isPartitionLevel();
    }

    /** Whether the key names a partition rather than a row. */
    public boolean isPartitionLevel() {
        return key.length > schema.partitionKeySize() && key[schema.partitionKeySize()] == null;
    }
}
