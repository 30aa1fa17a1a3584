package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.deadletter.DeadLetterHeaders;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.source.log.LogChange;
import io.github.scyllapgcdc.trace.BatchLinks;
import io.github.scyllapgcdc.trace.TraceAttributes;
import io.github.scyllapgcdc.trace.TraceParent;
import io.github.scyllapgcdc.trace.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;

/**
 * The traces of sampled changes up to their commit in Kafka: {@code cdc read}, which begins each, and in it {@code kafka publish},
 * which the record carries on. Belongs to the task's thread.
 */
final class SourceTrace {
    private final Traces traces;
    private final String table;
    /** By the message that becomes the record. Few, and none unless something is sampled. */
    private final IdentityHashMap<Message, Span> publishing = new IdentityHashMap<>();

    SourceTrace(Traces traces, String table) {
        this.traces = traces;
        this.table = table;
    }

    /** Whether records have to be looked at one by one. */
    boolean on() {
        return traces.on();
    }

    boolean samples(String changeId) {
        return traces.samples(changeId);
    }

    /** Begins the trace of a sampled change. */
    void read(ChangeEvent event, Outgoing record) {
        Span read = traces.begin(
                "cdc read",
                event.source().changeId(),
                Instant.ofEpochMilli(event.source().readMillis()));
        read.setAttribute(TraceAttributes.WRITE_TIMESTAMP, event.source().tsMicros());
        publish(read, event.source().changeId(), event.op().code(), record.message());
    }

    /** Begins the trace of a sampled change that nothing but a dead letter can be made of. */
    void read(LogChange.Undecodable change, Outgoing letter) {
        Span read = traces.begin("cdc read", change.changeId(), Instant.now());
        Traces.fail(read, change.reason());
        publish(read, change.changeId(), change.operationName(), letter.message());
    }

    private void publish(Span read, String changeId, String operation, Message message) {
        read.setAttribute(TraceAttributes.TABLE, table);
        read.setAttribute(TraceAttributes.OPERATION, operation);
        read.end();
        Span publish = traces.span("kafka publish", SpanKind.PRODUCER, read.getSpanContext())
                .setAttribute(TraceAttributes.CHANGE_ID, changeId)
                .setAttribute(TraceAttributes.TABLE, table)
                .setAttribute(TraceAttributes.MESSAGING_SYSTEM, "kafka")
                .setAttribute(
                        TraceAttributes.TOPIC, message.getHeader(KafkaConstants.OVERRIDE_TOPIC, table, String.class))
                .setAttribute(TraceAttributes.PARTITION, message.getHeader(KafkaConstants.PARTITION_KEY, String.class))
                .startSpan();
        Object refusal = message.getHeader(DeadLetterHeaders.ERROR_MESSAGE);
        if (refusal != null) {
            Traces.fail(publish, "dead-lettered: " + refusal);
        }
        TraceParent.write(message, publish);
        publishing.put(message, publish);
    }

    /** Takes the spans that end with a batch, which is about to be sent, and links it to them. */
    List<Span> sending(Exchange exchange, List<Message> batch) {
        if (publishing.isEmpty()) {
            return List.of();
        }
        List<Span> spans = new ArrayList<>();
        for (Message message : batch) {
            Span span = publishing.remove(message);
            if (span != null) {
                spans.add(span);
            }
        }
        if (!spans.isEmpty()) {
            BatchLinks.set(exchange, spans.stream().map(Span::getSpanContext).toList());
        }
        return spans;
    }

    /**
     * Ends spans with their batch.
     *
     * @param failure why it is not known to be committed, or null
     */
    static void sent(List<Span> spans, Exception failure) {
        for (Span span : spans) {
            if (failure != null) {
                Traces.fail(span, SourceException.oneLine(failure));
            }
            span.end();
        }
    }
}
