package io.github.scyllapgcdc.trace;

import io.github.scyllapgcdc.logging.Redaction;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Exports what went wrong without secrets, and its first line only: behind it Postgres shows the row. That is the status of a
 * span and its events, for which Camel takes an exception's message as it is.
 */
final class RedactedSpans implements SpanExporter {
    private final SpanExporter exporter;

    RedactedSpans(SpanExporter exporter) {
        this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        List<SpanData> redacted = new ArrayList<>(spans.size());
        spans.forEach(span -> redacted.add(new Redacted(span)));
        return exporter.export(redacted);
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }

    private static String redacted(String text) {
        return Redaction.of(text.lines().findFirst().orElse(""));
    }

    private static final class Redacted extends DelegatingSpanData {
        Redacted(SpanData span) {
            super(span);
        }

        @Override
        public StatusData getStatus() {
            StatusData status = super.getStatus();
            return StatusData.create(status.getStatusCode(), redacted(status.getDescription()));
        }

        @Override
        public List<EventData> getEvents() {
            return super.getEvents().stream().map(Redacted::event).toList();
        }

        private static EventData event(EventData event) {
            AttributesBuilder attributes = Attributes.builder().putAll(event.getAttributes());
            event.getAttributes().forEach((key, value) -> {
                if (key.getType() == AttributeType.STRING) {
                    attributes.put(AttributeKey.stringKey(key.getKey()), redacted((String) value));
                }
            });
            return EventData.create(
                    event.getEpochNanos(), event.getName(), attributes.build(), event.getTotalAttributeCount());
        }
    }
}
