package io.github.scyllapgcdc.schema;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The Postgres types of an event's Avro types: of the type and its logical type alone, whatever source wrote the event.
 * Lists, sets and vectors of scalars are arrays; maps, user types, tuples and whatever is nested deeper is {@code jsonb}.
 */
public final class SqlTypes {
    private static final String AS_IS = "%s";

    private SqlTypes() {}

    /** The Postgres type of an Avro type, whose values are not changed in any way. */
    public static SqlType of(Schema type) {
        return of(type, ValuePolicy.STRICT);
    }

    /**
     * The Postgres type of an Avro type.
     *
     * @param policy what becomes of values that Postgres can't hold
     * @throws UnsupportedTypeException if there is none
     */
    public static SqlType of(Schema type, ValuePolicy policy) {
        return switch (type.getType()) {
            case BOOLEAN -> new SqlType("boolean", "bool", Boolean.class, AS_IS, Function.identity());
            case INT -> ofInt(type, policy);
            case LONG -> ofLong(type, policy);
            case FLOAT -> new SqlType("real", "float4", Float.class, AS_IS, Function.identity());
            case DOUBLE -> new SqlType("double precision", "float8", Double.class, AS_IS, Function.identity());
            case STRING -> ofString(type, policy);
            case BYTES ->
                type.getLogicalType() instanceof LogicalTypes.BigDecimal
                        ? new SqlType("numeric", "numeric", BigDecimal.class, AS_IS, Function.identity())
                        : new SqlType("bytea", "bytea", byte[].class, AS_IS, SqlTypes::bytes);
            case ARRAY -> ofArray(type, policy);
            case MAP, RECORD -> json(type, policy);
            default -> throw new UnsupportedTypeException("the Avro type " + type + " has no Postgres type");
        };
    }

    /** How elements of a column are added and removed; empty if the column is only ever written whole. */
    public static Optional<ElementSql> elements(EventColumn column, ValuePolicy policy) {
        if (column.removed() == null) {
            return Optional.empty();
        }
        Schema type = column.type();
        Schema removed = EventTypes.withoutNull(column.removed().getElementType());
        if (EventTypes.SET.equals(type.getProp(EventTypes.COLLECTION))) {
            return Optional.of(
                    isScalar(removed)
                            ? new ElementSql("cdc_metadata.set_change", of(type, policy))
                            : new ElementSql("cdc_metadata.json_set_change", json(type, policy)));
        }
        JsonText json = new JsonText(policy);
        Function<Object, Object> keys = v -> TextArrays.literal((List<?>) v, element -> json.key(removed, element));
        return Optional.of(new ElementSql("cdc_metadata.object_change", literal("text[]", AS_IS, keys)));
    }

    /**
     * What to compare so that values of a clustering column stand in the order the source keeps them in, with {@code %s} for
     * the value; empty if Postgres has no such order. Text is compared byte by byte, whatever the database's collation.
     */
    public static Optional<String> order(Schema type) {
        if (!isScalar(type) || EventTypes.ISO_DURATION.equals(type.getProp("logicalType"))) {
            return Optional.empty();
        }
        if (type.getType() != Schema.Type.STRING) {
            return Optional.of(AS_IS);
        }
        String logicalType = type.getProp("logicalType");
        if ("uuid".equals(logicalType)) {
            return Optional.of(
                    EventTypes.TIME.equals(type.getProp(EventTypes.SORTED_BY))
                            ? "cdc_metadata.time_uuid_order(%s)"
                            : "cdc_metadata.uuid_order(%s)");
        }
        return Optional.of(EventTypes.INET.equals(logicalType) ? "cdc_metadata.inet_order(%s)" : "%s COLLATE \"C\"");
    }

    private static SqlType ofInt(Schema type, ValuePolicy policy) {
        if (type.getLogicalType() instanceof LogicalTypes.Date) {
            return textual("date", "date", v -> SqlText.date((Integer) v, policy));
        }
        String narrow = type.getProp(EventTypes.CONNECT_TYPE);
        return "int8".equals(narrow) || "int16".equals(narrow)
                ? new SqlType("smallint", "int2", Short.class, AS_IS, v -> ((Integer) v).shortValue())
                : new SqlType("integer", "int4", Integer.class, AS_IS, Function.identity());
    }

    private static SqlType ofLong(Schema type, ValuePolicy policy) {
        if (type.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
            return textual("timestamp with time zone", "timestamptz", v -> SqlText.timestamp((Long) v, policy));
        }
        return SqlText.isTime(type)
                // Postgres keeps microseconds; the nanoseconds below are cut off
                ? new SqlType(
                        "time without time zone",
                        "int8",
                        Long.class,
                        "(time '00:00' + (%s / 1000) * interval '1 microsecond')",
                        Function.identity())
                : new SqlType("bigint", "int8", Long.class, AS_IS, Function.identity());
    }

    private static SqlType ofString(Schema type, ValuePolicy policy) {
        String logicalType = type.getProp("logicalType");
        String name = logicalType == null ? "" : logicalType;
        return switch (name) {
            case "uuid" -> textual("uuid", "uuid", Function.identity());
            case EventTypes.INET -> textual("inet", "inet", Function.identity());
            case EventTypes.ISO_DURATION -> textual("interval", "interval", Function.identity());
            default -> textual("text", "text", SqlText.of(type, policy)::apply);
        };
    }

    private static SqlType ofArray(Schema type, ValuePolicy policy) {
        Schema element = EventTypes.withoutNull(type.getElementType());
        String collection = type.getProp(EventTypes.COLLECTION);
        if (!isScalar(element) || EventTypes.MAP.equals(collection)) {
            return json(type, policy);
        }
        Function<Object, String> text = SqlText.of(element, policy);
        return literal(
                of(element).name() + "[]",
                EventTypes.SET.equals(collection) ? "cdc_metadata.set_of(%s)" : AS_IS,
                v -> TextArrays.literal((List<?>) v, text));
    }

    private static boolean isScalar(Schema type) {
        return switch (type.getType()) {
            case ARRAY, MAP, RECORD -> false;
            default -> true;
        };
    }

    private static SqlType json(Schema type, ValuePolicy policy) {
        JsonText json = new JsonText(policy);
        String collection = type.getProp(EventTypes.COLLECTION);
        return literal(
                "jsonb",
                EventTypes.SET.equals(collection) ? "cdc_metadata.json_set_of(%s)" : AS_IS,
                v -> json.of(type, v));
    }

    /** A type whose values travel as text and are cast there, since unnest would flatten an array of arrays. */
    private static SqlType literal(String name, String function, Function<Object, Object> toText) {
        return new SqlType(name, "text", String.class, function.replace("%s", "(%s)::" + name), toText);
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
}
