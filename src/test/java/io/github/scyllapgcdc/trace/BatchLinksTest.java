package io.github.scyllapgcdc.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The spans that Camel makes of batches, in a context with routes as the application's. */
class BatchLinksTest {
    private final CollectedSpans exported = new CollectedSpans();
    private final ChosenTraceId traceIds = new ChosenTraceId();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .setIdGenerator(traceIds)
            .setSampler(Sampler.parentBased(new KnownChanges()))
            .addSpanProcessor(SimpleSpanProcessor.create(exported))
            .build();
    private final Traces traces = new Traces(provider.get("test"), ChangeSampling.of(1), traceIds);
    private final CamelContext context = new DefaultCamelContext();
    private List<SampledRecord> seen = List.of();

    @BeforeEach
    void startRoutes() throws Exception {
        Tracing.traceBatches(context, provider.get("camel"));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:batch").routeId("sink").to("direct:apply");
                from("direct:apply").routeId("apply").process(exchange -> seen = BatchLinks.sampled(exchange));
            }
        });
        context.start();
    }

    @AfterEach
    void stopRoutes() {
        context.stop();
    }

    @Test
    void aBatchFromKafkaIsLinkedToItsSampledChanges() {
        SpanContext change = change("a:b:1");

        send(List.of(record("a:b:1", change, 7), record("a:b:2", null, 8)));

        assertThat(exported.roots())
                .singleElement()
                .satisfies(batch -> assertThat(batch.getLinks())
                        .extracting(LinkData::getSpanContext)
                        .extracting(SpanContext::getSpanId)
                        .containsExactly(change.getSpanId()));
        assertThat(exported.all()).hasSizeGreaterThan(1).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(exported.roots().get(0).getTraceId());
            assertThat(span.getParentSpanContext().isValid())
                    .isNotEqualTo(!span.getLinks().isEmpty());
        });
        assertThat(seen).singleElement().satisfies(sampled -> {
            assertThat(sampled.changeId()).isEqualTo("a:b:1");
            assertThat(sampled.offset()).isEqualTo(7);
            assertThat(sampled.parent().getTraceId()).isEqualTo(change.getTraceId());
        });
    }

    @Test
    void aBatchToKafkaIsLinkedToThoseThatTheSourceNames() {
        SpanContext change = change("a:b:1");
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(List.of());
        BatchLinks.set(exchange, List.of(change));

        send(exchange);

        assertThat(exported.roots())
                .singleElement()
                .satisfies(batch -> assertThat(batch.getLinks()).hasSize(1));
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("traceparent");
    }

    @Test
    void aBatchWithoutSampledChangesIsNothing() {
        Exchange exchange = send(List.of(record("a:b:2", null, 8)));

        assertThat(exported.all()).isEmpty();
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("traceparent");
        assertThat(seen).isEmpty();
    }

    private SpanContext change(String changeId) {
        return traces.begin("cdc read", changeId, Instant.EPOCH).getSpanContext();
    }

    private Exchange send(List<Exchange> records) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(records);
        return send(exchange);
    }

    private Exchange send(Exchange exchange) {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            return template.send("direct:batch", exchange);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Exchange record(String changeId, SpanContext parent, long offset) {
        Exchange exchange = new DefaultExchange(context);
        Headers headers = new RecordHeaders().add("cdc.change.id", changeId.getBytes(StandardCharsets.US_ASCII));
        if (parent != null) {
            TraceParent.write(exchange.getMessage(), Span.wrap(parent));
            headers.add(
                    "traceparent",
                    exchange.getMessage().getHeader("traceparent", String.class).getBytes(StandardCharsets.US_ASCII));
        }
        exchange.getMessage().setHeader(KafkaConstants.HEADERS, headers);
        exchange.getMessage().setHeader(KafkaConstants.TOPIC, "a.b");
        exchange.getMessage().setHeader(KafkaConstants.PARTITION, 0);
        exchange.getMessage().setHeader(KafkaConstants.OFFSET, offset);
        return exchange;
    }
}
