package io.github.scyllapgcdc.event;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Reads the events of one pair of schemas. Fields are found by name, so an envelope written by another source, which has
 * some fields more or less, is read as well.
 */
final class EventDecoder {
    private final EventSchema schema;
    private final int[] keyPositions;
    private final AvroValueReader[] keyReaders;
    private final int[] valuePositions;
    private final AvroValueReader[] valueReaders;
    private final int[] removedPositions;
    private final AvroValueReader[] removedReaders;
    private final Field after;
    private final Field op;
    private final Field changed;
    private final Field range;
    private final Field expiresAt;
    private final Field source;
    private final Field tsMs;
    private final Field partial;
    private final Field removed;
    private final Map<Object, Integer> valueIndices = new HashMap<>();

    /** A field's position, or -1 where the schema has none of the name. */
    private record Field(int position) {

        static Field of(Schema record, String name) {
            Schema.Field field = record == null ? null : record.getField(name);
            return new Field(field == null ? -1 : field.pos());
        }

        Object get(GenericRecord record) {
            return position < 0 || record == null ? null : record.get(position);
        }
    }

    EventDecoder(EventSchema schema) {
        this.schema = schema;
        Schema row = EventSchema.rowSchema(schema.valueSchema());
        this.keyPositions = positions(schema.keySchema(), schema.keyColumns());
        this.keyReaders = readers(schema.keyColumns());
        this.valuePositions = positions(row, schema.valueColumns());
        this.valueReaders = readers(schema.valueColumns());
        Schema envelope = schema.valueSchema();
        this.after = Field.of(envelope, EventSchema.AFTER);
        this.op = Field.of(envelope, EventSchema.OP);
        this.changed = Field.of(envelope, EventSchema.CHANGED);
        this.range = Field.of(envelope, EventSchema.RANGE);
        this.expiresAt = Field.of(envelope, EventSchema.EXPIRES_AT);
        this.source = Field.of(envelope, EventSchema.SOURCE);
        this.tsMs = Field.of(envelope, EventSchema.TS_MS);
        this.partial = Field.of(envelope, EventSchema.PARTIAL);
        this.removed = Field.of(envelope, EventSchema.REMOVED);
        int columns = schema.valueColumns().size();
        this.removedPositions = new int[columns];
        this.removedReaders = new AvroValueReader[columns];
        for (int i = 0; i < columns; i++) {
            EventColumn column = schema.valueColumns().get(i);
            if (column.removed() != null) {
                Schema lists = EventTypes.withoutNull(
                        envelope.getField(EventSchema.REMOVED).schema());
                removedPositions[i] =
                        Field.of(lists, EventSchema.fieldName(column)).position();
                removedReaders[i] = AvroValueReader.of(column.removed());
            }
        }
    }

    ChangeEvent decode(GenericRecord key, GenericRecord envelope) {
        Object code = op.get(envelope);
        if (!(code instanceof CharSequence text)) {
            throw new EventFormatException("the event has no op");
        }
        Operation operation = Operation.of(text);
        GenericRecord row = (GenericRecord) after.get(envelope);
        if (row == null && operation != Operation.DELETE) {
            throw new EventFormatException("the event's op is " + operation.code() + " but it has no after");
        }
        return new ChangeEvent(
                schema,
                operation,
                columns(key, keyPositions, keyReaders),
                row == null ? null : columns(row, valuePositions, valueReaders),
                indices((Collection<?>) changed.get(envelope)),
                elements((Collection<?>) partial.get(envelope), (GenericRecord) removed.get(envelope)),
                range((GenericRecord) range.get(envelope)),
                (Long) expiresAt.get(envelope),
                source((GenericRecord) source.get(envelope), (Long) tsMs.get(envelope)));
    }

    private BitSet indices(Collection<?> names) {
        if (names == null) {
            return null;
        }
        BitSet indices = new BitSet(valuePositions.length);
        for (Object name : names) {
            Integer index = valueIndices.get(name);
            if (index == null) {
                index = schema.valueIndex(name.toString());
                if (index < 0) {
                    throw new EventFormatException("the event names a column \"" + name + "\" that its schema lacks");
                }
                valueIndices.put(name, index);
            }
            indices.set(index);
        }
        return indices;
    }

    @SuppressWarnings("unchecked") // what an array's reader returns
    private ElementChanges elements(Collection<?> names, GenericRecord lists) {
        if (names == null) {
            return null;
        }
        List<List<Object>> elements = new ArrayList<>(removedReaders.length);
        for (int i = 0; i < removedReaders.length; i++) {
            elements.add(
                    lists == null || removedReaders[i] == null
                            ? null
                            : (List<Object>) removedReaders[i].read(lists.get(removedPositions[i])));
        }
        return new ElementChanges(indices(names), elements);
    }

    private Range range(GenericRecord record) {
        return record == null
                ? null
                : new Range(bound(record, "lower", "lowerInclusive"), bound(record, "upper", "upperInclusive"));
    }

    private Range.Bound bound(GenericRecord record, String side, String inclusive) {
        GenericRecord prefix = (GenericRecord) record.get(side);
        if (prefix == null) {
            return null;
        }
        Object[] values = new Object[prefix.getSchema().getFields().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = keyReaders[schema.partitionKeySize() + i].read(prefix.get(i));
        }
        return new Range.Bound(values, (Boolean) record.get(inclusive));
    }

    private static SourcePosition source(GenericRecord source, Long readMillis) {
        long tsMillis = longField(source, "ts_ms", 0);
        return new SourcePosition(
                longField(source, "ts_us", tsMillis * 1000),
                textField(source, "stream_id"),
                textField(source, "change_id"),
                readMillis == null ? tsMillis : readMillis);
    }

    private static long longField(GenericRecord record, String name, long otherwise) {
        return record != null && record.hasField(name) && record.get(name) instanceof Long value ? value : otherwise;
    }

    private static String textField(GenericRecord record, String name) {
        return record != null && record.hasField(name) && record.get(name) != null
                ? record.get(name).toString()
                : "";
    }

    private static Object[] columns(GenericRecord record, int[] positions, AvroValueReader[] readers) {
        Object[] values = new Object[positions.length];
        for (int i = 0; i < positions.length; i++) {
            values[i] = readers[i].read(record.get(positions[i]));
        }
        return values;
    }

    /** The values of a key's record. */
    static Object[] key(GenericRecord record) {
        List<Schema.Field> fields = record.getSchema().getFields();
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = AvroValueReader.of(EventTypes.withoutNull(fields.get(i).schema()))
                    .read(record.get(i));
        }
        return values;
    }

    private static int[] positions(Schema record, List<EventColumn> columns) {
        return columns.stream()
                .mapToInt(c -> record.getField(EventSchema.fieldName(c)).pos())
                .toArray();
    }

    private static AvroValueReader[] readers(List<EventColumn> columns) {
        return columns.stream().map(c -> AvroValueReader.of(c.type())).toArray(AvroValueReader[]::new);
    }
}
