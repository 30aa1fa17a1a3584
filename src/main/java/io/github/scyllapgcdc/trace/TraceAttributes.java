package io.github.scyllapgcdc.trace;

import io.opentelemetry.api.common.AttributeKey;

/** The names of what spans tell; where OpenTelemetry has one, its. */
public final class TraceAttributes {
    /** A change's identity, as in the record's header and in the log. */
    public static final AttributeKey<String> CHANGE_ID = AttributeKey.stringKey("cdc.change.id");

    /** {@code <keyspace>.<table>}. */
    public static final AttributeKey<String> TABLE = AttributeKey.stringKey("cdc.table");
    /** The event's {@code op}. */
    public static final AttributeKey<String> OPERATION = AttributeKey.stringKey("cdc.op");
    /** When the change was written, microseconds since 1970. */
    public static final AttributeKey<Long> WRITE_TIMESTAMP = AttributeKey.longKey("cdc.write.timestamp");

    public static final AttributeKey<String> DB_SYSTEM = AttributeKey.stringKey("db.system");
    public static final AttributeKey<String> MESSAGING_SYSTEM = AttributeKey.stringKey("messaging.system");
    public static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");
    public static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    public static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    public static final AttributeKey<String> CONSUMER_GROUP = AttributeKey.stringKey("messaging.consumer.group.name");

    private TraceAttributes() {}
}
