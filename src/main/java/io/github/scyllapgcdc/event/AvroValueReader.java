package io.github.scyllapgcdc.event;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** Turns the values of one Avro type, as Avro's generic reader gives them, into an event's. */
interface AvroValueReader {
    /** The event's value; null for null. */
    Object read(Object value);

    static AvroValueReader of(Schema type) {
        return switch (type.getType()) {
            case STRING, ENUM -> value -> value == null ? null : value.toString();
            case BYTES -> AvroValueWriter.isBigDecimal(type) ? AvroValueReader::bigDecimal : value -> value;
            case ARRAY ->
                EventTypes.isMap(type)
                        ? AvroValueReader.entries(type.getElementType())
                        : elements(type.getElementType());
            case MAP -> map(of(type.getValueType()));
            case RECORD -> fields(type.getFields());
            case UNION -> of(EventTypes.withoutNull(type));
            default -> value -> value;
        };
    }

    private static Object bigDecimal(Object value) {
        return value == null ? null : new Conversions.BigDecimalConversion().fromBytes((ByteBuffer) value, null, null);
    }

    private static AvroValueReader elements(Schema elementType) {
        AvroValueReader element = of(elementType);
        return value -> {
            if (value == null) {
                return null;
            }
            Collection<?> array = (Collection<?>) value;
            List<Object> list = new ArrayList<>(array.size());
            for (Object each : array) {
                list.add(element.read(each));
            }
            return list;
        };
    }

    private static AvroValueReader entries(Schema entry) {
        Schema.Field key = entry.getField(EventTypes.ENTRY_KEY);
        Schema.Field value = entry.getField(EventTypes.ENTRY_VALUE);
        AvroValueReader keys = of(key.schema());
        AvroValueReader values = of(value.schema());
        return array -> {
            if (array == null) {
                return null;
            }
            Map<Object, Object> map = new LinkedHashMap<>();
            for (Object each : (Collection<?>) array) {
                GenericRecord pair = (GenericRecord) each;
                map.put(keys.read(pair.get(key.pos())), values.read(pair.get(value.pos())));
            }
            return map;
        };
    }

    private static AvroValueReader map(AvroValueReader values) {
        return value -> {
            if (value == null) {
                return null;
            }
            Map<Object, Object> map = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((k, v) -> map.put(k.toString(), values.read(v)));
            return map;
        };
    }

    private static AvroValueReader fields(List<Schema.Field> fields) {
        AvroValueReader[] readers = fields.stream().map(f -> of(f.schema())).toArray(AvroValueReader[]::new);
        return value -> {
            if (value == null) {
                return null;
            }
            GenericRecord record = (GenericRecord) value;
            Object[] values = new Object[readers.length];
            for (int i = 0; i < readers.length; i++) {
                values[i] = readers[i].read(record.get(i));
            }
            return Arrays.asList(values);
        };
    }
}
