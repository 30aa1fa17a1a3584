package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.deadletter.DeadLetterTopic;
import io.github.scyllapgcdc.event.TableId;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;

/** A pipeline's servers and a collector of traces, with what the tests ask of both. */
final class TraceFixture implements AutoCloseable {
    static final Set<String> STEPS =
            Set.of("cdc read", "kafka publish", "kafka process", "postgres apply", "postgres commit");

    private static final Duration LANDS = Duration.ofSeconds(60);

    private final PipelineFixture pipeline;
    private final OtlpReceiver collector;

    TraceFixture(String keyspace) throws SQLException, IOException {
        pipeline = new PipelineFixture(keyspace);
        collector = new OtlpReceiver();
    }

    PipelineFixture pipeline() {
        return pipeline;
    }

    OtlpReceiver collector() {
        return collector;
    }

    /** An application's, with traces of that share of the changes. */
    Map<String, String> environment(String ratio) {
        return new HashMap<>(Map.of(
                "TRACING_ENABLED", "true",
                "TRACING_OTLP_ENDPOINT", collector.url(),
                "TRACING_SAMPLE_RATIO", ratio,
                "OTEL_BSP_SCHEDULE_DELAY", "100",
                "SOURCE_SNAPSHOT", "never",
                "SOURCE_CONFIDENCE_WINDOW_MS", "1500"));
    }

    /** The spans of a trace that has each step once, by their names. */
    Map<String, Span> awaitTrace(String traceId) {
        Awaitility.await("the whole trace " + traceId)
                .atMost(LANDS)
                .untilAsserted(() -> assertThat(named(traceId).keySet()).isEqualTo(STEPS));
        return named(traceId);
    }

    private Map<String, Span> named(String traceId) {
        return trace(traceId).stream().collect(Collectors.toMap(Span::getName, span -> span));
    }

    /** What has come of a trace, in the order of time. */
    List<Span> trace(String traceId) {
        return collector.spans(span -> OtlpReceiver.traceId(span).equals(traceId)).stream()
                .sorted(Comparator.comparingLong(Span::getStartTimeUnixNano))
                .toList();
    }

    /** The traces that have a span of this name. */
    Set<String> tracesOf(String name) {
        return collector.spans(span -> span.getName().equals(name)).stream()
                .map(OtlpReceiver::traceId)
                .collect(Collectors.toSet());
    }

    /** Takes the collector's port away from it. */
    int stopCollector() {
        collector.close();
        return collector.port();
    }

    List<ConsumerRecord<byte[], byte[]>> records(TableId table) {
        return CommittedTopic.read(pipeline.endpoints().kafkaBootstrap(), table.topic());
    }

    /** The table's dead letters. */
    List<ConsumerRecord<byte[], byte[]>> letters(TableId table) {
        return CommittedTopic.read(pipeline.endpoints().kafkaBootstrap(), DeadLetterTopic.SINK).stream()
                .filter(letter -> letter.value() != null) // rather than the mark that one was purged
                .filter(letter -> table.topic()
                        .equals(new String(
                                letter.headers().lastHeader("dlq.topic").value(), StandardCharsets.UTF_8)))
                .toList();
    }

    /** The header {@code traceparent}, or null. */
    static String header(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader("traceparent");
        return header == null ? null : new String(header.value(), StandardCharsets.US_ASCII);
    }

    /** The trace that a record's header names: {@code 00-<trace>-<span>-01}. */
    static String traceId(ConsumerRecord<byte[], byte[]> record) {
        assertThat(header(record)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        return header(record).split("-", -1)[1];
    }

    @Override
    public void close() throws SQLException {
        collector.close();
        pipeline.close();
    }
}
