package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.TableId;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a collector of traces gets from the packaged application. */
class TraceIT {
    private static final Duration LANDS = Duration.ofSeconds(60);

    private TraceFixture traces;
    private PipelineFixture fixture;
    private OtlpReceiver collector;

    @BeforeEach
    void start() throws Exception {
        traces = new TraceFixture("traces");
        fixture = traces.pipeline();
        collector = traces.collector();
    }

    @AfterEach
    void stop() throws Exception {
        traces.close();
    }

    @Test
    void aChangeIsOneTraceFromTheLogToTheCommit() throws Exception {
        TableId table = fixture.countedTable("one");
        try (PipelineApp app = PipelineApp.start("trace-one", traces.environment("1"))) {
            app.deploy(table);
            // When
            long before = micros(Instant.now());
            fixture.insert(table, 7, 8);
            fixture.awaitEqual(table, LANDS);

            // Then the record says which trace it belongs to
            ConsumerRecord<byte[], byte[]> record = traces.records(table).get(0);
            String changeId = CommittedTopic.changeId(record);
            String traceId = TraceFixture.traceId(record);
            Map<String, Span> trace = traces.awaitTrace(traceId);
            // And that has each step once, and no other
            Span read = trace.get("cdc read");
            Span publish = trace.get("kafka publish");
            Span process = trace.get("kafka process");
            Span apply = trace.get("postgres apply");
            Span commit = trace.get("postgres commit");
            assertThat(collector.spans(span -> OtlpReceiver.traceId(span).equals(traceId)))
                    .hasSize(TraceFixture.STEPS.size());
            // one within the other
            assertThat(read.getParentSpanId().isEmpty()).isTrue();
            assertThat(publish.getParentSpanId()).isEqualTo(read.getSpanId());
            assertThat(TraceFixture.header(record))
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
        try (PipelineApp app = PipelineApp.start("trace-refused", traces.environment("1"))) {
            app.deploy(table);
            fixture.insert(table, 1, 2);
            fixture.awaitEqual(table, LANDS);
            collector.clear();
            // When
            fixture.insert(table, 1000, 1001);
            Awaitility.await("a dead letter")
                    .atMost(LANDS)
                    .until(() -> !traces.letters(table).isEmpty());

            // Then
            String traceId = TraceFixture.traceId(traces.letters(table).get(0));
            Map<String, Span> trace = traces.awaitTrace(traceId);
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
        try (PipelineApp app = PipelineApp.start("trace-many", traces.environment("0.1"))) {
            app.deploy(table);
            // When
            fixture.insert(table, 0, rows);
            fixture.awaitEqual(table, LANDS);
            // Then about a tenth of the records say that they are traced, each as a trace of its own
            List<String> ids = traces.records(table).stream()
                    .filter(record -> TraceFixture.header(record) != null)
                    .map(TraceFixture::traceId)
                    .toList();
            assertThat(ids).hasSizeBetween(25, 110).doesNotHaveDuplicates();
            sampled = Set.copyOf(ids);
            // And those are what is exported
            Awaitility.await("each sampled change is committed").atMost(LANDS).untilAsserted(() -> {
                for (String step : List.of("cdc read", "kafka publish", "postgres commit")) {
                    assertThat(traces.tracesOf(step)).as(step).isEqualTo(sampled);
                }
            });
        }
        // When another instance, which would sample more, reads the topic from the beginning
        collector.clear();
        try (Statement statement = fixture.postgres().createStatement()) {
            statement.execute("UPDATE cdc_metadata.sink_offsets SET next_offset = 0 WHERE topic = 'traces.many'");
        }
        Map<String, String> other = traces.environment("0.9");
        other.put("SOURCE_ENABLED", "false");
        try (PipelineApp app = PipelineApp.start("trace-again", other)) {
            app.deploy(table);
            // Then the same changes are traced
            Awaitility.await("each sampled change is committed again")
                    .atMost(LANDS)
                    .untilAsserted(() -> {
                        assertThat(traces.tracesOf("postgres commit")).isEqualTo(sampled);
                        assertThat(traces.tracesOf("kafka process")).isEqualTo(sampled); // ends behind the commit
                    });
        }
    }

    @Test
    void ofARatioOfZeroNothingComes() throws Exception {
        TableId table = fixture.countedTable("none");
        try (PipelineApp app = PipelineApp.start("trace-none", traces.environment("0"))) {
            app.deploy(table);
            // When
            fixture.insert(table, 0, 50);
            fixture.awaitEqual(table, LANDS);
            app.close(); // which exports what there is
        }
        // Then
        assertThat(collector.spans()).isEmpty();
        assertThat(traces.records(table)).hasSize(50).allMatch(record -> TraceFixture.header(record) == null);
    }

    private static long micros(Instant time) {
        return time.toEpochMilli() * 1000;
    }
}
