package io.github.scyllapgcdc.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TracesTest {
    private final CollectedSpans collected = new CollectedSpans();
    private final List<SpanData> exported = collected.all();
    private final ChosenTraceId traceIds = new ChosenTraceId();
    private final Tracer tracer = SdkTracerProvider.builder()
            .setIdGenerator(traceIds)
            .setSampler(Sampler.parentBased(new KnownChanges()))
            .addSpanProcessor(SimpleSpanProcessor.create(new RedactedSpans(collected)))
            .build()
            .get("test");
    private final Traces traces = new Traces(tracer, ChangeSampling.of(0.5), traceIds);

    @Test
    void aChangesTraceHasTheSameIdEachTimeItIsBegun() {
        traces.begin("cdc read", "a:b:1", Instant.EPOCH).end();
        traces.begin("cdc read", "a:b:1", Instant.EPOCH).end();
        traces.begin("cdc read", "a:b:2", Instant.EPOCH).end();

        assertThat(exported)
                .extracting(SpanData::getTraceId)
                .containsExactly(
                        ChangeSampling.traceId("a:b:1"),
                        ChangeSampling.traceId("a:b:1"),
                        ChangeSampling.traceId("a:b:2"));
        assertThat(exported).extracting(SpanData::getSpanId).doesNotHaveDuplicates();
    }

    @Test
    void ofOtherTracesOnlyThoseLinkedToAChangeAreRecorded() {
        Span change = traces.begin("cdc read", "a:b:1", Instant.EPOCH);

        tracer.spanBuilder("timer").startSpan().end();
        tracer.spanBuilder("batch").addLink(change.getSpanContext()).startSpan().end();

        assertThat(exported).extracting(SpanData::getName).containsExactly("batch");
        assertThat(exported.get(0).getTraceId()).isNotEqualTo(ChangeSampling.traceId("a:b:1"));
    }

    @Test
    void aTraceGoesOnFromARecordsHeader() {
        Span publish = traces.begin("cdc read", "a:b:1", Instant.EPOCH);
        DefaultMessage message = new DefaultMessage(new DefaultCamelContext());
        TraceParent.write(message, publish);
        Headers headers = new RecordHeaders();
        message.getHeaders()
                .forEach(
                        (name, value) -> headers.add(name, String.valueOf(value).getBytes(StandardCharsets.US_ASCII)));

        assertThat(headers).hasSize(1);
        assertThat(TraceParent.read(headers)).hasValueSatisfying(parent -> {
            traces.span("kafka process", SpanKind.CONSUMER, parent).startSpan().end();
            assertThat(exported).singleElement().satisfies(process -> {
                assertThat(process.getTraceId()).isEqualTo(ChangeSampling.traceId("a:b:1"));
                assertThat(process.getParentSpanId())
                        .isEqualTo(publish.getSpanContext().getSpanId());
            });
        });
    }

    @Test
    void headersThatSayNothingAreNoTrace() {
        assertThat(TraceParent.read(null)).isEmpty();
        assertThat(TraceParent.read(new RecordHeaders())).isEmpty();
        for (String nothing : List.of("", "x", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")) {
            assertThat(TraceParent.read(
                            new RecordHeaders().add("traceparent", nothing.getBytes(StandardCharsets.US_ASCII))))
                    .isEmpty();
        }
        assertThat(TraceParent.read(new RecordHeaders().add("traceparent", null)))
                .isEmpty();
    }

    @Test
    void whatWentWrongIsExportedWithoutSecretsAndWithoutTheRow() {
        Span span = traces.begin("postgres apply", "a:b:1", Instant.EPOCH);
        String message = "jdbc:postgresql://db/x?password=s3cret is away\n  Detail: Failing row contains (Alice)";
        Traces.fail(span, message);
        span.addEvent("error", Attributes.of(AttributeKey.stringKey("message"), message));
        span.end();

        assertThat(exported).singleElement().satisfies(failed -> {
            assertThat(failed.getStatus().getDescription()).isEqualTo("jdbc:postgresql://db/x?password=*** is away");
            assertThat(failed.getEvents().toString()).doesNotContain("s3cret").doesNotContain("Alice");
        });
    }

    @Test
    void withoutTracingNothingIsSampled() {
        assertThat(Traces.off().on()).isFalse();
        assertThat(Traces.off().samples("a:b:1")).isFalse();
    }
}
