package io.github.scyllapgcdc.event;

import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The column types an event can carry. Where Avro has no logical type of its own the name is ours; readers that do not know
 * it see the plain type, as Avro's specification says.
 */
public final class EventTypes {
    /** Time of day, a long of nanoseconds since midnight. */
    public static final String TIME_NANOS = "time-nanos";
    /** An IPv4 or IPv6 address in its usual notation. */
    public static final String INET = "inet";
    /** Months, days and nanoseconds as an ISO 8601 duration; each part may be negative. */
    public static final String ISO_DURATION = "iso-duration";
    /** Kafka Connect's name for integers narrower than Avro's: {@code int8} or {@code int16}. */
    public static final String CONNECT_TYPE = "connect.type";

    private EventTypes() {}

    /** A plain Avro type. */
    public static Schema plain(Schema.Type type) {
        return Schema.create(type);
    }

    /** An integer of 8 or 16 bits. */
    public static Schema narrowInt(int bits) {
        Schema schema = Schema.create(Schema.Type.INT);
        schema.addProp(CONNECT_TYPE, "int" + bits);
        return schema;
    }

    /** A decimal number of any scale and length, its scale with every value. */
    public static Schema bigDecimal() {
        return LogicalTypes.bigDecimal().addToSchema(Schema.create(Schema.Type.BYTES));
    }

    public static Schema uuid() {
        return LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
    }

    /** An instant, milliseconds since 1970. */
    public static Schema timestampMillis() {
        return LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
    }

    /** A calendar date, days since 1970. */
    public static Schema date() {
        return LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
    }

    public static Schema timeNanos() {
        return named(Schema.Type.LONG, TIME_NANOS);
    }

    public static Schema inet() {
        return named(Schema.Type.STRING, INET);
    }

    public static Schema isoDuration() {
        return named(Schema.Type.STRING, ISO_DURATION);
    }

    private static Schema named(Schema.Type type, String logicalType) {
        Schema schema = Schema.create(type);
        schema.addProp("logicalType", logicalType);
        return schema;
    }
}
