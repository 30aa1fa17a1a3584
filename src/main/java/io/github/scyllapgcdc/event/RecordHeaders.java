package io.github.scyllapgcdc.event;

/** Names of the headers that an event's Kafka record carries. */
public final class RecordHeaders {
    /** The change's identity, {@link SourcePosition#changeId()}, as ASCII text. */
    public static final String CHANGE_ID = "cdc.change.id";

    /** Where the trace of a sampled change goes on, as W3C's Trace Context says; other changes have none. */
    public static final String TRACE_PARENT = "traceparent";

    private RecordHeaders() {}
}
