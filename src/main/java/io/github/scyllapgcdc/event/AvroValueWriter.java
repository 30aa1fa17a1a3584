package io.github.scyllapgcdc.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Writes the values of one Avro type. A value of another type is met with a ClassCastException, which whoever knows the
 * column puts into words.
 */
interface AvroValueWriter {
    void write(BinaryEncoder out, Object value) throws IOException;

    /**
     * The writer of a type.
     *
     * @throws EventFormatException if events can't carry the type
     */
    static AvroValueWriter of(Schema type) {
        return switch (type.getType()) {
            case BOOLEAN -> (out, v) -> out.writeBoolean((Boolean) v);
            case INT -> (out, v) -> out.writeInt((Integer) v);
            case LONG -> (out, v) -> out.writeLong((Long) v);
            case FLOAT -> (out, v) -> out.writeFloat((Float) v);
            case DOUBLE -> (out, v) -> out.writeDouble((Double) v);
            case STRING -> AvroValueWriter::writeText;
            case BYTES ->
                isBigDecimal(type) ? AvroValueWriter::writeBigDecimal : (out, v) -> out.writeBytes((ByteBuffer) v);
            case ARRAY ->
                EventTypes.isMap(type) ? entries(type.getElementType()) : elements(inner(type.getElementType()));
            case MAP -> map(inner(type.getValueType()));
            case RECORD -> fields(type.getFields());
            case UNION -> optional(type);
            default -> throw new EventFormatException("events can't carry the Avro type " + type);
        };
    }

    static boolean isBigDecimal(Schema type) {
        return type.getLogicalType() instanceof LogicalTypes.BigDecimal;
    }

    private static void writeText(BinaryEncoder out, Object value) throws IOException {
        if (value instanceof Utf8 utf8) {
            out.writeString(utf8);
        } else {
            out.writeString((String) value);
        }
    }

    /** Avro's big-decimal: bytes that hold the unscaled value as bytes, then the scale as an int. */
    private static void writeBigDecimal(BinaryEncoder out, Object value) throws IOException {
        BigDecimal decimal = (BigDecimal) value;
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(inner, null);
        encoder.writeBytes(decimal.unscaledValue().toByteArray());
        encoder.writeInt(decimal.scale());
        out.writeBytes(inner.toByteArray());
    }

    /** The writer of what collections hold, among which there is no null. */
    private static AvroValueWriter inner(Schema type) {
        AvroValueWriter writer = of(type);
        return type.isUnion()
                ? writer
                : (out, value) -> {
                    if (value == null) {
                        throw new EventFormatException("can't hold null among its elements");
                    }
                    writer.write(out, value);
                };
    }

    private static AvroValueWriter elements(AvroValueWriter element) {
        return (out, value) -> {
            List<?> list = (List<?>) value;
            out.writeArrayStart();
            out.setItemCount(list.size());
            for (Object each : list) {
                out.startItem();
                element.write(out, each);
            }
            out.writeArrayEnd();
        };
    }

    private static AvroValueWriter entries(Schema entry) {
        AvroValueWriter key = inner(entry.getField(EventTypes.ENTRY_KEY).schema());
        AvroValueWriter value = inner(entry.getField(EventTypes.ENTRY_VALUE).schema());
        return (out, entries) -> {
            Map<?, ?> map = (Map<?, ?>) entries;
            out.writeArrayStart();
            out.setItemCount(map.size());
            for (Map.Entry<?, ?> each : map.entrySet()) {
                out.startItem();
                key.write(out, each.getKey());
                value.write(out, each.getValue());
            }
            out.writeArrayEnd();
        };
    }

    private static AvroValueWriter map(AvroValueWriter value) {
        return (out, entries) -> {
            Map<?, ?> map = (Map<?, ?>) entries;
            out.writeMapStart();
            out.setItemCount(map.size());
            for (Map.Entry<?, ?> each : map.entrySet()) {
                out.startItem();
                writeText(out, each.getKey());
                value.write(out, each.getValue());
            }
            out.writeMapEnd();
        };
    }

    private static AvroValueWriter fields(List<Schema.Field> fields) {
        AvroValueWriter[] writers = fields.stream().map(f -> of(f.schema())).toArray(AvroValueWriter[]::new);
        return (out, value) -> {
            List<?> list = (List<?>) value;
            if (list.size() != writers.length) {
                throw new EventFormatException("has records of " + writers.length + " fields, not of " + list.size());
            }
            for (int i = 0; i < writers.length; i++) {
                writers[i].write(out, list.get(i));
            }
        };
    }

    private static AvroValueWriter optional(Schema union) {
        int absent = union.getIndexNamed("null");
        Schema type = EventTypes.withoutNull(union);
        int present = union.getTypes().indexOf(type);
        AvroValueWriter writer = of(type);
        return (out, value) -> {
            out.writeIndex(value == null ? absent : present);
            if (value != null) {
                writer.write(out, value);
            }
        };
    }
}
