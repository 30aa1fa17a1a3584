package io.github.scyllapgcdc.trace;

import io.github.scyllapgcdc.event.RecordHeaders;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.opentelemetry.SpanCustomizer;
import org.apache.camel.tracing.ActiveSpanManager;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Links the span that Camel makes for a batch to the traces of the sampled changes in it. Camel asks at the beginning of each
 * exchange, so this is also where a batch from Kafka is looked through, once, for sampled records.
 */
public final class BatchLinks implements SpanCustomizer {
    private static final String LINKS = "cdcTraceLinks";
    private static final String SAMPLED = "cdcTraceSampled";

    /** Says which spans a batch that is about to be sent belongs to. */
    public static void set(Exchange exchange, List<SpanContext> changes) {
        exchange.setProperty(LINKS, changes);
    }

    /** The sampled records of a batch from Kafka; none while nothing is traced. */
    @SuppressWarnings("unchecked")
    public static List<SampledRecord> sampled(Exchange exchange) {
        List<SampledRecord> sampled = exchange.getProperty(SAMPLED, List.class);
        return sampled == null ? List.of() : sampled;
    }

    @Override
    public boolean isEnabled(String operation, Exchange exchange) {
        return ActiveSpanManager.getSpan(exchange) == null; // its outermost span, the batch's own
    }

    @Override
    @SuppressWarnings("unchecked")
    public void customize(SpanBuilder span, String operation, Exchange exchange) {
        List<SpanContext> links = exchange.getProperty(LINKS, List.class);
        if (links != null) {
            links.forEach(span::addLink);
        } else if (exchange.getMessage().getBody() instanceof List<?> items) {
            List<SampledRecord> sampled = sampled(items);
            if (!sampled.isEmpty()) {
                exchange.setProperty(SAMPLED, sampled);
                sampled.forEach(record -> span.addLink(record.parent()));
            }
        }
    }

    private static List<SampledRecord> sampled(List<?> items) {
        List<SampledRecord> sampled = new ArrayList<>();
        for (Object item : items) {
            if (item instanceof Exchange exchange
                    && exchange.getMessage().getHeader(KafkaConstants.HEADERS) instanceof Headers headers) {
                TraceParent.read(headers)
                        .ifPresent(parent -> sampled.add(record(exchange.getMessage(), headers, parent)));
            }
        }
        return sampled;
    }

    private static SampledRecord record(Message message, Headers headers, SpanContext parent) {
        Header changeId = headers.lastHeader(RecordHeaders.CHANGE_ID);
        return new SampledRecord(
                message.getHeader(KafkaConstants.TOPIC, String.class),
                message.getHeader(KafkaConstants.PARTITION, Integer.class),
                message.getHeader(KafkaConstants.OFFSET, Long.class),
                changeId == null ? "unknown" : new String(changeId.value(), StandardCharsets.US_ASCII),
                parent);
    }
}
