package io.github.scyllapgcdc.schema;

import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongPredicate;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;

/**
 * Values in Postgres' binary form, as {@code COPY … (FORMAT binary)} has them, as an event carries them: in the Java types that
 * {@link CqlTypes#reader} gives. The session's {@code client_encoding} has to be UTF8, which the driver sees to.
 *
 * <p>A value that no event of the type can have is an {@link UnlikeValue}, or has one among its elements; it is never rounded
 * into one.
 */
public final class SqlBinary {
    private static final String ARRAY = "[]";
    private static final String JSONB = "jsonb";
    private static final byte JSONB_VERSION = 1;

    private SqlBinary() {}

    /** Reads a value from the buffer's position to its limit. Never asked about null, moves no position, keeps no buffer. */
    @FunctionalInterface
    public interface Reader {
        Object read(ByteBuffer bytes);
    }

    /**
     * The reader of a column.
     *
     * @param type the type of the column in events
     * @param postgresType the column's type as {@code format_type} writes it; it may be a wider one than {@link SqlTypes} gives
     * @throws UnsupportedTypeException if the two do not fit together
     */
    public static Reader reader(Schema type, String postgresType) {
        // "timestamp(3) with time zone" and the like, whose values look the same
        String plain = postgresType.replaceFirst("\\(\\d+(,-?\\d+)?\\)", "");
        Reader reader = switch (type.getType()) {
            case BOOLEAN -> "boolean".equals(plain) ? b -> b.get(b.position()) != 0 : null;
            case INT -> ofInt(type, plain);
            case LONG -> ofLong(type, plain);
            case FLOAT -> ofFloat(plain);
            case DOUBLE -> "double precision".equals(plain) ? b -> b.getDouble(b.position()) : null;
            case STRING -> ofString(type, plain);
            case BYTES -> ofBytes(type, plain);
            case ARRAY, MAP, RECORD -> ofContainer(type, plain);
            default -> null;
        };
        if (reader == null) {
            throw new UnsupportedTypeException("a column of the Postgres type " + postgresType
                    + " can't hold values of events of the type " + type + "; that would be "
                    + SqlTypes.of(type).name());
        }
        return reader;
    }

    private static Reader ofInt(Schema type, String postgresType) {
        if (type.getLogicalType() instanceof LogicalTypes.Date) {
            return "date".equals(postgresType) ? SqlTimes::date : null;
        }
        LongPredicate range = range(type);
        Reader wide = wholeNumber(postgresType);
        return wide == null
                ? null
                : b -> {
                    Object value = wide.read(b);
                    if (!(value instanceof Long number)) {
                        return value;
                    }
                    return range.test(number) ? (Object) number.intValue() : new UnlikeValue(number.toString());
                };
    }

    /** Which numbers an event's integer can be, which may have less than 32 bits. */
    static LongPredicate range(Schema type) {
        String narrow = type.getProp(EventTypes.CONNECT_TYPE);
        int bits = "int8".equals(narrow) ? Byte.SIZE : "int16".equals(narrow) ? Short.SIZE : Integer.SIZE;
        long most = (1L << (bits - 1)) - 1;
        return number -> number >= -most - 1 && number <= most;
    }

    private static Reader ofLong(Schema type, String postgresType) {
        if (type.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
            return "timestamp with time zone".equals(postgresType) ? SqlTimes::timestamp : null;
        }
        if (SqlText.isTime(type)) {
            return "time without time zone".equals(postgresType) ? SqlTimes::time : null;
        }
        return wholeNumber(postgresType);
    }

    /** Of any type that holds whole numbers, as a Long. */
    private static Reader wholeNumber(String postgresType) {
        return switch (postgresType) {
            case "smallint" -> b -> (long) b.getShort(b.position());
            case "integer" -> b -> (long) b.getInt(b.position());
            case "bigint" -> b -> b.getLong(b.position());
            case "numeric" ->
                b -> {
                    Object value = SqlNumeric.read(b);
                    if (!(value instanceof BigDecimal number)) {
                        return value;
                    }
                    try {
                        return number.longValueExact();
                    } catch (ArithmeticException e) {
                        return new UnlikeValue(number.toPlainString());
                    }
                };
            default -> null;
        };
    }

    private static Reader ofFloat(String postgresType) {
        return switch (postgresType) {
            case "real" -> b -> b.getFloat(b.position());
            case "double precision" ->
                b -> {
                    double value = b.getDouble(b.position());
                    float narrow = (float) value;
                    return narrow == value || Double.isNaN(value)
                            ? (Object) narrow
                            : new UnlikeValue(Double.toString(value));
                };
            default -> null;
        };
    }

    private static Reader ofBytes(Schema type, String postgresType) {
        if (type.getLogicalType() instanceof LogicalTypes.BigDecimal) {
            return "numeric".equals(postgresType) ? SqlNumeric::read : null;
        }
        return "bytea".equals(postgresType) ? b -> ByteBuffer.wrap(bytes(b)) : null;
    }

    private static Reader ofString(Schema type, String postgresType) {
        String logicalType = type.getProp("logicalType");
        String name = logicalType == null ? "" : logicalType;
        return switch (name) {
            case "uuid" ->
                "uuid".equals(postgresType)
                        ? b -> new UUID(b.getLong(b.position()), b.getLong(b.position() + Long.BYTES)).toString()
                        : null;
            case EventTypes.INET -> "inet".equals(postgresType) ? SqlBinary::address : null;
            case EventTypes.ISO_DURATION -> "interval".equals(postgresType) ? SqlTimes::interval : null;
            default ->
                "text".equals(postgresType) || "character varying".equals(postgresType)
                        ? b -> new Utf8(bytes(b))
                        : null;
        };
    }

    /** Family, length of the netmask, whether it is a network, length of the address, and the address. */
    private static Object address(ByteBuffer b) {
        int start = b.position();
        int bits = Byte.toUnsignedInt(b.get(start + 1));
        int length = b.get(start + 3);
        String address = CqlScalars.address(b.slice(start + 4, length));
        return bits == length * Byte.SIZE ? address : new UnlikeValue(address + '/' + bits);
    }

    private static Reader ofContainer(Schema type, String postgresType) {
        if (JSONB.equals(postgresType)) {
            JsonReader json = new JsonReader(type);
            return b -> {
                if (b.get(b.position()) != JSONB_VERSION) {
                    throw new IllegalArgumentException("jsonb of the unknown binary version " + b.get(b.position()));
                }
                return json.read(bytes(b.slice(b.position() + 1, b.remaining() - 1)));
            };
        }
        if (type.getType() != Schema.Type.ARRAY || !postgresType.endsWith(ARRAY)) {
            return null;
        }
        String elementType = postgresType.substring(0, postgresType.length() - ARRAY.length());
        return array(reader(EventTypes.withoutNull(type.getElementType()), elementType));
    }

    /**
     * Number of dimensions, whether there are nulls, the element's type; of each dimension its length and the index of its first
     * element; then each element's length (−1: null) and bytes.
     */
    private static Reader array(Reader element) {
        return b -> {
            ByteBuffer array = b.slice();
            int dimensions = array.getInt();
            array.position(array.position() + 2 * Integer.BYTES);
            int size = dimensions == 0 ? 0 : 1;
            boolean plain = dimensions <= 1;
            for (int i = 0; i < dimensions; i++) {
                size *= array.getInt();
                plain &= array.getInt() == 1;
            }
            List<Object> list = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                int length = array.getInt();
                if (length < 0) {
                    list.add(null);
                } else {
                    list.add(element.read(array.slice(array.position(), length)));
                    array.position(array.position() + length);
                }
            }
            return plain ? list : new UnlikeValue(list + " with other indexes or in " + dimensions + " dimensions");
        };
    }

    private static byte[] bytes(ByteBuffer b) {
        byte[] copy = new byte[b.remaining()];
        b.get(b.position(), copy);
        return copy;
    }
}
