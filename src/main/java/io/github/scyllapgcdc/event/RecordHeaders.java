package io.github.scyllapgcdc.event;

/** Names of the headers that an event's Kafka record carries. */
public final class RecordHeaders {
    /** The change's identity, {@link SourcePosition#changeId()}, as ASCII text. */
    public static final String CHANGE_ID = "cdc.change.id";

    private RecordHeaders() {}
}
