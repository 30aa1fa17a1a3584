package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.deadletter.DeadLetterTopic;
import io.github.scyllapgcdc.event.TableId;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a collector of traces gets from the packaged application. */
class TraceIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final Set<String> STEPS =
            Set.of("cdc read", "kafka publish", "kafka process", "postgres apply", "postgres commit");

    private PipelineFixture fixture;
    private OtlpReceiver collector;

    @BeforeEach
    void start() throws Exception {
        fixture = new PipelineFixture("traces");
        collector = new OtlpReceiver();
    }

    @AfterEach
    void stop() throws Exception {
        collector.close();
        fixture.close();
    }

    @Test
    void aChangeIsOneTraceFromTheLogToTheCommit() throws Exception {
        TableId table = fixture.countedTable("one");
        try (PipelineApp app = PipelineApp.start("trace-one", environment("1"))) {
            app.deploy(table);
            // When
            long before = micros(Instant.now());
            fixture.insert(table, 7, 8);
            fixture.awaitEqual(table, LANDS);

            // Then the record says which trace it belongs to
            ConsumerRecord<byte[], byte[]> record = records(table).get(0);
            String changeId = CommittedTopic.changeId(record);
            String traceId = traceId(record);
            Map<String, Span> trace = awaitTrace(traceId);
            // And that has each step once, and no other
            Span read = trace.get("cdc read");
            Span publish = trace.get("kafka publish");
            Span process = trace.get("kafka process");
            Span apply = trace.get("postgres apply");
            Span commit = trace.get("postgres commit");
            assertThat(collector.spans(span -> OtlpReceiver.traceId(span).equals(traceId)))
                    .hasSize(STEPS.size());
            // one within the other
            assertThat(read.getParentSpanId().isEmpty()).isTrue();
            assertThat(publish.getParentSpanId()).isEqualTo(read.getSpanId());
            assertThat(header(record))
                    .contains(OtlpReceiver.hex(publish.getSpanId().asReadOnlyByteBuffer()));
            assertThat(process.getParentSpanId()).isEqualTo(publish.getSpanId());
            assertThat(apply.getParentSpanId()).isEqualTo(process.getSpanId());
            assertThat(commit.getParentSpanId()).isEqualTo(process.getSpanId());
            // each of some length, in this order
            assertThat(trace.values()).allMatch(span -> span.getEndTimeUnixNano() >= span.getStartTimeUnixNano());
            assertThat(apply.getStartTimeUnixNano()).isGreaterThan(read.getStartTimeUnixNano());
            assertThat(commit.getStartTimeUnixNano()).isGreaterThanOrEqualTo(apply.getEndTimeUnixNano());
            // with what finds them again
            assertThat(trace.values()).allSatisfy(span -> {
                assertThat(OtlpReceiver.attribute(span, "cdc.change.id")).isEqualTo(changeId);
                assertThat(OtlpReceiver.attribute(span, "cdc.table")).isEqualTo("traces.one");
                assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
            });
            assertThat(OtlpReceiver.attribute(read, "cdc.op")).isEqualTo("c");
            assertThat(Long.parseLong(OtlpReceiver.attribute(read, "cdc.write.timestamp")))
                    .isBetween(before - 1_000_000, micros(Instant.now()));
            assertThat(OtlpReceiver.attribute(apply, "db.system")).isEqualTo("postgresql");
            assertThat(OtlpReceiver.attribute(process, "messaging.destination.name"))
                    .isEqualTo("traces.one");
            assertThat(OtlpReceiver.attribute(process, "messaging.destination.partition.id"))
                    .isEqualTo(String.valueOf(record.partition()));
            assertThat(OtlpReceiver.attribute(process, "messaging.kafka.offset"))
                    .isEqualTo(String.valueOf(record.offset()));
            assertThat(collector.services()).contains("scylla-pg-cdc");

            // And the batches it was in are traces of their own, linked to it
            for (String uri : List.of("scylla-cdc:", "kafka-sink:")) {
                Awaitility.await("the batch of " + uri)
                        .atMost(LANDS)
                        .untilAsserted(() -> assertThat(
                                        collector.spans(span -> OtlpReceiver.attribute(span, "camel.uri")
                                                        .startsWith(uri)
                                                && span.getParentSpanId().isEmpty()))
                                .singleElement()
                                .satisfies(batch -> {
                                    assertThat(OtlpReceiver.traceId(batch)).isNotEqualTo(traceId);
                                    assertThat(batch.getLinksList())
                                            .extracting(link -> OtlpReceiver.hex(
                                                    link.getTraceId().asReadOnlyByteBuffer()))
                                            .containsExactly(traceId);
                                }));
            }
        }
    }

    @Test
    void aChangeThatPostgresRefusesHasAnErrorAndItsDeadLetterTheSameTrace() throws Exception {
        TableId table = fixture.countedTable("refused");
        try (Statement statement = fixture.postgres().createStatement()) {
            statement.execute("ALTER TABLE traces.refused ADD CONSTRAINT small CHECK (id < 1000)");
        }
        try (PipelineApp app = PipelineApp.start("trace-refused", environment("1"))) {
            app.deploy(table);
            fixture.insert(table, 1, 2);
            fixture.awaitEqual(table, LANDS);
            collector.clear();
            // When
            fixture.insert(table, 1000, 1001);
            Awaitility.await("a dead letter")
                    .atMost(LANDS)
                    .until(() -> !letters(table).isEmpty());

            // Then
            String traceId = traceId(letters(table).get(0));
            Map<String, Span> trace = awaitTrace(traceId);
            for (String failed : List.of("postgres apply", "kafka process")) {
                assertThat(trace.get(failed).getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
                assertThat(trace.get(failed).getStatus().getMessage())
                        .contains("violates check constraint \"small\"")
                        .doesNotContain("Failing row");
            }
            assertThat(trace.get("postgres commit").getStatus().getCode())
                    .isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        }
    }

    @Test
    void ofManyChangesThatShareIsTracedAndAReaderDecidesNothingAnew() throws Exception {
        TableId table = fixture.countedTable("many");
        int rows = 600;
        Set<String> sampled;
        try (PipelineApp app = PipelineApp.start("trace-many", environment("0.1"))) {
            app.deploy(table);
            // When
            fixture.insert(table, 0, rows);
            fixture.awaitEqual(table, LANDS);
            // Then about a tenth of the records say that they are traced, each as a trace of its own
            List<String> traces = records(table).stream()
                    .filter(record -> header(record) != null)
                    .map(TraceIT::traceId)
                    .toList();
            assertThat(traces).hasSizeBetween(25, 110).doesNotHaveDuplicates();
            sampled = Set.copyOf(traces);
            // And those are what is exported
            Awaitility.await("each sampled change is committed").atMost(LANDS).untilAsserted(() -> {
                for (String step : List.of("cdc read", "kafka publish", "postgres commit")) {
                    assertThat(tracesOf(step)).as(step).isEqualTo(sampled);
                }
            });
        }
        // When another instance, which would sample more, reads the topic from the beginning
        collector.clear();
        try (Statement statement = fixture.postgres().createStatement()) {
            statement.execute("UPDATE cdc_metadata.sink_offsets SET next_offset = 0 WHERE topic = 'traces.many'");
        }
        Map<String, String> other = environment("0.9");
        other.put("SOURCE_ENABLED", "false");
        try (PipelineApp app = PipelineApp.start("trace-again", other)) {
            app.deploy(table);
            // Then the same changes are traced
            Awaitility.await("each sampled change is committed again")
                    .atMost(LANDS)
                    .untilAsserted(() -> {
                        assertThat(tracesOf("postgres commit")).isEqualTo(sampled);
                        assertThat(tracesOf("kafka process")).isEqualTo(sampled); // ends behind the commit
                    });
        }
    }

    @Test
    void ofARatioOfZeroNothingComes() throws Exception {
        TableId table = fixture.countedTable("none");
        try (PipelineApp app = PipelineApp.start("trace-none", environment("0"))) {
            app.deploy(table);
            // When
            fixture.insert(table, 0, 50);
            fixture.awaitEqual(table, LANDS);
            app.close(); // which exports what there is
        }
        // Then
        assertThat(collector.spans()).isEmpty();
        assertThat(records(table)).hasSize(50).allMatch(record -> header(record) == null);
    }

    private Map<String, String> environment(String ratio) {
        return new HashMap<>(Map.of(
                "TRACING_ENABLED", "true",
                "TRACING_OTLP_ENDPOINT", collector.url(),
                "TRACING_SAMPLE_RATIO", ratio,
                "OTEL_BSP_SCHEDULE_DELAY", "100",
                "SOURCE_SNAPSHOT", "never",
                "SOURCE_CONFIDENCE_WINDOW_MS", "1500"));
    }

    private Map<String, Span> awaitTrace(String traceId) {
        Awaitility.await("the whole trace " + traceId)
                .atMost(LANDS)
                .untilAsserted(() -> assertThat(trace(traceId).keySet()).isEqualTo(STEPS));
        return trace(traceId);
    }

    private Map<String, Span> trace(String traceId) {
        return collector.spans(span -> OtlpReceiver.traceId(span).equals(traceId)).stream()
                .collect(Collectors.toMap(Span::getName, span -> span));
    }

    private Set<String> tracesOf(String name) {
        return collector.spans(span -> span.getName().equals(name)).stream()
                .map(OtlpReceiver::traceId)
                .collect(Collectors.toSet());
    }

    private List<ConsumerRecord<byte[], byte[]>> records(TableId table) {
        return CommittedTopic.read(fixture.endpoints().kafkaBootstrap(), table.topic());
    }

    private List<ConsumerRecord<byte[], byte[]>> letters(TableId table) throws IOException {
        return CommittedTopic.read(fixture.endpoints().kafkaBootstrap(), DeadLetterTopic.SINK).stream()
                .filter(letter -> letter.value() != null) // rather than the mark that one was purged
                .filter(letter -> table.topic()
                        .equals(new String(
                                letter.headers().lastHeader("dlq.topic").value(), StandardCharsets.UTF_8)))
                .toList();
    }

    /** The header {@code traceparent}, or null. */
    private static String header(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader("traceparent");
        return header == null ? null : new String(header.value(), StandardCharsets.US_ASCII);
    }

    /** The trace that a record's header names: {@code 00-<trace>-<span>-01}. */
    private static String traceId(ConsumerRecord<byte[], byte[]> record) {
        assertThat(header(record)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        return header(record).split("-", -1)[1];
    }

    private static long micros(Instant time) {
        return time.toEpochMilli() * 1000;
    }
}
