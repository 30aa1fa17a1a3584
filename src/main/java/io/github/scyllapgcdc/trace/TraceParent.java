package io.github.scyllapgcdc.trace;

import io.github.scyllapgcdc.event.RecordHeaders;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Message;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** A trace on its way through Kafka: W3C's header {@code traceparent}, as every OpenTelemetry client reads it. */
public final class TraceParent {
    private static final TextMapGetter<Headers> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return List.of(RecordHeaders.TRACE_PARENT);
        }

        @Override
        public String get(Headers headers, String key) {
            Header header = headers == null ? null : headers.lastHeader(key);
            return header == null || header.value() == null
                    ? null
                    : new String(header.value(), StandardCharsets.US_ASCII);
        }
    };

    private TraceParent() {}

    /** Puts a span's identity into the message that becomes the record. */
    public static void write(Message message, Span span) {
        W3CTraceContextPropagator.getInstance().inject(Context.root().with(span), message, Message::setHeader);
    }

    /** The span that a record continues; none if its change is not sampled. */
    static Optional<SpanContext> read(Headers headers) {
        if (headers == null || headers.lastHeader(RecordHeaders.TRACE_PARENT) == null) {
            return Optional.empty();
        }
        Context context = W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER);
        return Optional.of(Span.fromContext(context).getSpanContext())
                .filter(parent -> parent.isValid() && parent.isSampled());
    }
}
