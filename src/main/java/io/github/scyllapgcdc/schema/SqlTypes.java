package io.github.scyllapgcdc.schema;

import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** The Postgres types of an event's Avro types: of the type and its logical type alone, whatever source wrote the event. */
public final class SqlTypes {
    private static final String AS_IS = "%s";

    private SqlTypes() {}

    /**
     * The Postgres type of an Avro type.
     *
     * @throws UnsupportedTypeException if there is none
     */
    public static SqlType of(Schema type) {
        return switch (type.getType()) {
            case BOOLEAN -> new SqlType("boolean", "bool", Boolean.class, AS_IS, Function.identity());
            case INT -> ofInt(type);
            case LONG -> ofLong(type);
            case FLOAT -> new SqlType("real", "float4", Float.class, AS_IS, Function.identity());
            case DOUBLE -> new SqlType("double precision", "float8", Double.class, AS_IS, Function.identity());
            case STRING -> ofString(type);
            case BYTES ->
                type.getLogicalType() instanceof LogicalTypes.BigDecimal
                        ? new SqlType("numeric", "numeric", BigDecimal.class, AS_IS, Function.identity())
                        : new SqlType("bytea", "bytea", byte[].class, AS_IS, SqlTypes::bytes);
            default -> throw new UnsupportedTypeException("the Avro type " + type + " has no Postgres type yet");
        };
    }

    private static SqlType ofInt(Schema type) {
        if (type.getLogicalType() instanceof LogicalTypes.Date) {
            return new SqlType("date", "int4", Integer.class, "(date 'epoch' + %s)", Function.identity());
        }
        String narrow = type.getProp(EventTypes.CONNECT_TYPE);
        return "int8".equals(narrow) || "int16".equals(narrow)
                ? new SqlType("smallint", "int2", Short.class, AS_IS, v -> ((Integer) v).shortValue())
                : new SqlType("integer", "int4", Integer.class, AS_IS, Function.identity());
    }

    private static SqlType ofLong(Schema type) {
        if (type.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
            return textual("timestamp with time zone", "timestamptz", v -> timestamp((Long) v));
        }
        return EventTypes.TIME_NANOS.equals(type.getProp("logicalType"))
                // Postgres keeps microseconds; the nanoseconds below are cut off
                ? new SqlType(
                        "time without time zone",
                        "int8",
                        Long.class,
                        "(time '00:00' + (%s / 1000) * interval '1 microsecond')",
                        Function.identity())
                : new SqlType("bigint", "int8", Long.class, AS_IS, Function.identity());
    }

    private static SqlType ofString(Schema type) {
        String logicalType = type.getProp("logicalType");
        if (logicalType == null) {
            return textual("text", "text", Function.identity());
        }
        return switch (logicalType) {
            case "uuid" -> textual("uuid", "uuid", Function.identity());
            case EventTypes.INET -> textual("inet", "inet", Function.identity());
            case EventTypes.ISO_DURATION -> textual("interval", "interval", Function.identity());
            default -> textual("text", "text", Function.identity());
        };
    }

    /** A type whose values travel as Postgres' own text. */
    private static SqlType textual(String name, String element, Function<Object, Object> toText) {
        return new SqlType(name, element, String.class, AS_IS, toText);
    }

    private static byte[] bytes(Object value) {
        ByteBuffer buffer = (ByteBuffer) value;
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    /** As text, since arithmetic on intervals is done in doubles, which are inexact for far-off instants. */
    private static String timestamp(long millis) {
        ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
        int year = time.getYear();
        StringBuilder text = new StringBuilder(32);
        digits(text, year > 0 ? year : 1 - year, 4).append('-');
        digits(text, time.getMonthValue(), 2).append('-');
        digits(text, time.getDayOfMonth(), 2).append(' ');
        digits(text, time.getHour(), 2).append(':');
        digits(text, time.getMinute(), 2).append(':');
        digits(text, time.getSecond(), 2).append('.');
        digits(text, time.getNano() / 1_000_000, 3).append("+00");
        return year > 0 ? text.toString() : text.append(" BC").toString();
    }

    private static StringBuilder digits(StringBuilder text, int number, int width) {
        String digits = Integer.toString(number);
        return text.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
    }
}
