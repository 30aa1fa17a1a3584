package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.deadletter.DeadLetterTopic;
import io.github.scyllapgcdc.event.TableId;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Traces of changes that did not go straight through, and a collector that does not take them. */
class TraceFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(60);

    private TraceFixture traces;
    private PipelineFixture fixture;

    @BeforeEach
    void start() throws Exception {
        traces = new TraceFixture("trace_faults");
        fixture = traces.pipeline();
    }

    @AfterEach
    void stop() throws Exception {
        traces.close();
    }

    @Test
    void aCollectorThatHangsOrIsAwayHoldsNothingUpAndGetsTheRestOnceItIsThere() throws Exception {
        TableId table = fixture.countedTable("away");
        long rows = 2_000;
        int port = traces.stopCollector();
        try (ServerSocket hangs = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
                PipelineApp app = PipelineApp.start("trace-away", traces.environment("1"))) {
            app.deploy(table);
            app.awaitHealthy();
            // When far more spans are made than are kept for a collector that takes connections and says nothing
            hangs.setSoTimeout(Math.toIntExact(LANDS.toMillis()));
            fixture.insert(table, 0, rows);
            try (Socket taken = hangs.accept()) {
                // Then all goes on, and nothing is down
                fixture.awaitEqual(table, LANDS);
                assertThat(app.isHealthy()).isTrue();
                assertThat(taken.getInputStream().available())
                        .as("bytes that nobody reads")
                        .isPositive();
            }

            // And also where nobody listens
            hangs.close();
            fixture.insert(table, rows, 2 * rows);
            fixture.awaitEqual(table, LANDS);
            assertThat(app.isHealthy()).isTrue();
            Awaitility.await("the exporter says so").atMost(LANDS).until(() -> complaints(app) > 0);

            // And when the collector is back, what is written from then on comes
            try (OtlpReceiver back = new OtlpReceiver(port)) {
                for (long id = 2 * rows; back.spans().isEmpty(); id++) {
                    fixture.insert(table, id, id + 1);
                    fixture.awaitEqual(table, LANDS);
                    assertThat(id).isLessThan(2 * rows + 20);
                }
            }
            fixture.assertEachOnce(table, fixture.count("SELECT count(*) FROM " + table));
            assertThat(complaints(app)).as("said now and then").isLessThan(20);
        }
    }

    private static long complaints(PipelineApp app) {
        return app.log()
                .lines()
                .filter(line -> line.contains("Failed to export"))
                .count();
    }

    @Test
    void eachAttemptOfTheSinkIsInTheTraceAndOneCommit() throws Exception {
        TableId table = fixture.countedTable("retried");
        try (Statement statement = fixture.postgres().createStatement()) {
            statement.execute("""
                    CREATE SEQUENCE trace_faults.attempts;
                    CREATE FUNCTION trace_faults.refuse_twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                      IF nextval('trace_faults.attempts') <= 2 THEN
                        RAISE EXCEPTION 'not now' USING ERRCODE = 'serialization_failure'; END IF;
                      RETURN NEW; END $$;
                    CREATE TRIGGER refuse BEFORE INSERT ON trace_faults.retried
                      FOR EACH ROW EXECUTE FUNCTION trace_faults.refuse_twice();""");
        }
        try (PipelineApp app = PipelineApp.start("trace-retried", traces.environment("1"))) {
            app.deploy(table);
            // When
            fixture.insert(table, 1, 2);
            fixture.awaitEqual(table, LANDS);
            // Then
            String traceId = TraceFixture.traceId(traces.records(table).get(0));
            awaitSpans(traceId, "postgres commit", 1);
            List<Span> applied = awaitSpans(traceId, "postgres apply", 3);
            assertThat(applied)
                    .extracting(span -> span.getStatus().getCode())
                    .containsExactly(
                            StatusCode.STATUS_CODE_ERROR, StatusCode.STATUS_CODE_ERROR, StatusCode.STATUS_CODE_UNSET);
            assertThat(applied.get(0).getStatus().getMessage()).contains("not now");
            Span process = awaitSpans(traceId, "kafka process", 1).get(0);
            assertThat(applied).allMatch(span -> span.getParentSpanId().equals(process.getSpanId()));
            assertThat(process.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
        }
    }

    @Test
    void aChangeThatIsReadAgainAfterAFailedCommitGoesOnInItsTrace() throws Exception {
        TableId table = fixture.countedTable("fenced");
        Map<String, String> environment = traces.environment("1");
        environment.put("OTEL_BSP_MAX_QUEUE_SIZE", "100000");
        try (PipelineApp app = PipelineApp.start("trace-fenced", environment);
                Writer writer = new Writer(fixture, table)) {
            app.deploy(table);
            Awaitility.await("changes flow").atMost(LANDS).until(() -> fixture.storedOffsets(table) > 0);
            // When the task's producer is fenced with a batch in its hands
            List<String> failed = Awaitility.await("a batch with changes in it fails")
                    .atMost(LANDS.multipliedBy(2))
                    .pollInterval(Duration.ofSeconds(5))
                    .until(
                            () -> {
                                fence(table);
                                return tracesOfFailedBatches();
                            },
                            traceIds -> !traceIds.isEmpty());
            long rows = writer.stop();
            fixture.awaitEqual(table, LANDS);

            // Then its changes are read and published again in the same traces, and are applied once
            fixture.assertEachOnce(table, rows);
            String traceId = failed.get(0);
            awaitSpans(traceId, "postgres commit", 1);
            List<Span> published = spans(traceId, "kafka publish");
            Span last = published.get(published.size() - 1);
            assertThat(last.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
            assertThat(published.subList(0, published.size() - 1))
                    .isNotEmpty()
                    .allMatch(span -> span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR);
            assertThat(spans(traceId, "cdc read"))
                    .extracting(Span::getSpanId)
                    .containsExactlyElementsOf(
                            published.stream().map(Span::getParentSpanId).toList());
            assertThat(awaitSpans(traceId, "kafka process", 1).get(0).getParentSpanId())
                    .as("the one that was committed")
                    .isEqualTo(last.getSpanId());
        }
    }

    /** As a process that takes over does, but for the mark that it would leave. */
    private void fence(TableId table) {
        try (KafkaProducer<byte[], byte[]> other = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        fixture.endpoints().kafkaBootstrap(),
                        "transactional.id",
                        "scylla-source-" + table + "-0"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            other.initTransactions();
        }
    }

    private List<String> tracesOfFailedBatches() {
        return traces
                .collector()
                .spans(span -> span.getName().equals("kafka publish")
                        && span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR)
                .stream()
                .map(OtlpReceiver::traceId)
                .toList();
    }

    @Test
    void aRowOfTheLoadIsTracedAsAnyChange() throws Exception {
        TableId table = fixture.countedTable("loaded");
        fixture.insert(table, 1, 2);
        Map<String, String> environment = traces.environment("1");
        environment.remove("SOURCE_SNAPSHOT");
        try (PipelineApp app = PipelineApp.start("trace-loaded", environment)) {
            // When
            app.deploy(table);
            fixture.awaitEqual(table, LANDS);
            // Then
            Map<String, Span> loaded =
                    traces.awaitTrace(TraceFixture.traceId(traces.records(table).get(0)));
            assertThat(OtlpReceiver.attribute(loaded.get("cdc read"), "cdc.op")).isEqualTo("r");
            assertThat(loaded.get("kafka publish").getParentSpanId())
                    .isEqualTo(loaded.get("cdc read").getSpanId());
        }
    }

    @Test
    void aChangeThatIsNoEventIsAnErrorAndItsDeadLetterHasItsTrace() throws Exception {
        TableId table = fixture.countedTable("large");
        try (PipelineApp app = PipelineApp.start("trace-large", traces.environment("1"))) {
            app.deploy(table);
            app.awaitHealthy();
            // When
            fixture.cql("INSERT INTO trace_faults.large (id, v) VALUES (1, ?)", "x".repeat(1 << 20));
            // Then
            ConsumerRecord<byte[], byte[]> letter = Awaitility.await("a dead letter")
                    .atMost(LANDS)
                    .until(
                            () ->
                                    CommittedTopic.read(fixture.endpoints().kafkaBootstrap(), DeadLetterTopic.SOURCE)
                                            .stream()
                                            .filter(record -> new String(record.value(), StandardCharsets.UTF_8)
                                                    .contains("\"trace_faults.large\""))
                                            .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
            Span published =
                    awaitSpans(TraceFixture.traceId(letter), "kafka publish", 1).get(0);
            assertThat(published.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
            assertThat(published.getStatus().getMessage()).contains("too large for Kafka");
            assertThat(OtlpReceiver.attribute(published, "messaging.destination.name"))
                    .isEqualTo(DeadLetterTopic.SOURCE);
        }
    }

    private List<Span> awaitSpans(String traceId, String name, int count) {
        return Awaitility.await(count + " spans " + name + " of " + traceId)
                .atMost(LANDS)
                .until(() -> spans(traceId, name), spans -> spans.size() == count);
    }

    private List<Span> spans(String traceId, String name) {
        return traces.trace(traceId).stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }
}
