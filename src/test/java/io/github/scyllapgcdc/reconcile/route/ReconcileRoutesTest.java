package io.github.scyllapgcdc.reconcile.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.TestPorts;
import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.RoutesConfig;
import io.github.scyllapgcdc.config.TopicConfig;
import io.github.scyllapgcdc.ops.RouteFiles;
import io.github.scyllapgcdc.reconcile.Discrepancy;
import io.github.scyllapgcdc.reconcile.Mode;
import io.github.scyllapgcdc.reconcile.RunRefusedException;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.github.scyllapgcdc.reconcile.RunStatus.State;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** routes/reconcile.camel.yaml as the application runs it, before runs that are stored; Kafka is away. */
class ReconcileRoutesTest extends CamelMainTestSupport {
    private static final String TABLE = "ecommerce.users";
    private final int port = TestPorts.free();
    private final StoredRuns runs = new StoredRuns();

    @Override
    protected void configure(MainConfigurationProperties main) {
        main.withRoutesIncludePattern("file:routes/reconcile.camel.yaml");
        main.httpServer().withEnabled(true).withHost("127.0.0.1").withPort(port);
    }

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        Properties properties = new Properties();
        properties.setProperty("reconcile.scheduled", "true");
        properties.setProperty("reconcile.period.ms", "300");
        return properties;
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        TestPorts.serve(registry, port);
        KafkaComponent kafka = new KafkaComponent();
        kafka.getConfiguration().setBrokers("127.0.0.1:1");
        registry.bind("kafka-sink", kafka);
        KafkaConfig away = new KafkaConfig("127.0.0.1:1", Map.of("default.api.timeout.ms", "500"));
        new ReconcileRoutes(context, away, new TopicConfig(1, (short) 1)).bind(runs);
    }

    @ParameterizedTest(name = "GET {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/reconcile?tabel=shop.users|tabel is not known here: expected limit, table",
                "/reconcile?table=users|\"users\" is not a table",
                "/reconcile?limit=0|limit=0 is refused: expected a number from 1 to 1000",
                "/reconcile?limit=all|limit=all is refused: expected a number from 1 to 1000",
                "/reconcile/run|id is missing: expected the id of a run",
                "/reconcile/run?id=7|id=7 is refused: expected the id of a run",
                "/reconcile/differences?limit=5|run is missing",
                "/reconcile/differences?run=x|run=x is refused",
            })
    void aWrongQuestionIsNamed(String path, String error) throws Exception {
        HttpResponse<String> answer = send(request(path));

        assertThat(json(answer).path("error").asText()).contains(error);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @ParameterizedTest(name = "POST {0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/reconcile|{}|table is missing: expected <keyspace>.<table>",
                "/reconcile|{\"table\": \"a.b\", \"mod\": \"full\"}|mod is not known here: expected deleteExtra, dryRun",
                "/reconcile|{\"table\": \"a.b\", \"mode\": \"half\"}|mode=half is refused: expected full, incremental or sample",
                "/reconcile|[1]|the body is not JSON of the form",
                "/reconcile|table=a.b|the body is not JSON of the form",
                "/reconcile|null|the body is empty",
                "/reconcile/stop|{}|id is missing",
                "/reconcile/stop|{\"id\": 5}|id=5 is refused",
            })
    void aWrongOrderIsNamed(String path, String body, String error) throws Exception {
        HttpResponse<String> answer = post(path, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").asText()).contains(error);
        assertThat(runs.requests).isEmpty();
    }

    @Test
    void aRunIsBegunFollowedAndListed() throws Exception {
        // When
        HttpResponse<String> begun = post(
                "/reconcile",
                "{\"table\": \"ecommerce.users\", \"mode\": \"sample\", \"percent\": 2.5, \"repair\": true}");
        // Then
        assertThat(begun.statusCode()).isEqualTo(202);
        assertThat(json(begun).path("state").asText()).isEqualTo("running");
        assertThat(json(begun).path("phase").asText()).isEqualTo("reading-scylla");
        assertThat(json(begun).path("startedAt").asText()).isEqualTo(StoredRuns.BEGAN.toString());
        assertThat(json(begun).path("finishedAt").isNull()).isTrue();
        assertThat(runs.requests).singleElement().satisfies(request -> {
            assertThat(request.mode()).isEqualTo(Mode.SAMPLE);
            assertThat(request.percent()).isEqualTo(2.5);
            assertThat(request.repair()).isTrue();
        });
        // and it is what its id names, until it has ended
        String id = json(begun).path("id").asText();
        assertThat(get("/reconcile/run?id=" + id).path("state").asText()).isEqualTo("running");
        assertThat(get("/reconcile/run?id=" + id).path("state").asText()).isEqualTo("equal");
        assertThat(get("/reconcile?table=ecommerce.users").path("runs")).hasSize(1);
        assertThat(get("/reconcile?table=ecommerce.orders").path("runs")).isEmpty();
    }

    @Test
    void aRunThatIsNotThereIsNamed() throws Exception {
        for (String path : List.of("/reconcile/run?id=", "/reconcile/differences?run=")) {
            HttpResponse<String> answer = send(request(path + "00000000-0000-0000-0000-000000000001"));

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(json(answer).path("error").asText())
                    .startsWith("there is no run 00000000-0000-0000-0000-000000000001");
        }
    }

    @Test
    void differencesComeInPages() throws Exception {
        // Given
        runs.next(StoredRuns.run(TABLE, State.DIFFERENT, 2, 0))
                .found(Discrepancy.MISSING, "{\"id\": 1}", "{}", "none")
                .found(Discrepancy.MISMATCH, "{\"id\": 2}", "{\"v\": {\"scylla\": \"a\", \"postgres\": null}}", "none");
        String id = json(post("/reconcile", "{\"table\": \"ecommerce.users\"}"))
                .path("id")
                .asText();
        // When
        JsonNode first = get("/reconcile/differences?limit=1&run=" + id).path("differences");
        JsonNode second = get("/reconcile/differences?run=" + id + "&after="
                        + first.path(0).path("id").asLong())
                .path("differences");
        // Then
        assertThat(first).hasSize(1);
        assertThat(first.path(0).path("type").asText()).isEqualTo("missing");
        assertThat(first.path(0).path("primaryKey").path("id").asInt()).isEqualTo(1);
        assertThat(second).hasSize(1);
        assertThat(second.path(0).path("columns").path("v").path("scylla").asText())
                .isEqualTo("a");
        assertThat(second.path(0).path("columns").path("v").path("postgres").isNull())
                .isTrue();
    }

    @Test
    void aRunIsStopped() throws Exception {
        runs.hold();
        String id = json(post("/reconcile", "{\"table\": \"ecommerce.users\"}"))
                .path("id")
                .asText();

        assertThat(post("/reconcile/stop", "{\"id\": \"" + id + "\"}").statusCode())
                .isEqualTo(202);

        assertThat(runs.await(UUID.fromString(id)).state()).isEqualTo(State.STOPPED);
        HttpResponse<String> again = post("/reconcile/stop", "{\"id\": \"" + id + "\"}");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(json(again).path("error").asText())
                .contains("run " + id + " of ecommerce.users is not under way in this instance: its state is stopped");
        assertThat(post("/reconcile/stop", "{\"id\": \"" + UUID.randomUUID() + "\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aRefusalAndAServerThatIsAwayAreNamed() throws Exception {
        runs.hold();
        post("/reconcile", "{\"table\": \"ecommerce.users\"}");

        HttpResponse<String> second = post("/reconcile", "{\"table\": \"ecommerce.users\"}");
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(json(second).path("error").asText()).startsWith("run of ecommerce.users is under way since");

        runs.fail(new IllegalStateException("no answer", new SQLException("the connection attempt failed", "08001")));
        HttpResponse<String> away = send(request("/reconcile"));
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(json(away).path("error").asText())
                .isEqualTo("a server failed, see /health: the connection attempt failed");
    }

    @Test
    void whatChangesSomethingTakesJsonAlone() throws Exception {
        HttpResponse<String> answer = send(request("/reconcile")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"table\": \"ecommerce.users\"}")));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(send(request("/reconcile/stop")).statusCode()).isEqualTo(405);
        assertThat(runs.requests).isEmpty();
    }

    @Test
    void aRouteAsksForARunAndGetsItsEnd() {
        runs.next(StoredRuns.run(TABLE, State.DIFFERENT, 3, 1));

        RunStatus byText =
                template.requestBody("direct:reconcile", "{\"table\": \"ecommerce.users\"}", RunStatus.class);
        RunStatus byMap =
                template.requestBody("direct:reconcile", Map.of("table", TABLE, "mode", "full"), RunStatus.class);

        assertThat(List.of(byText.left(), byMap.left())).containsExactly(2L, 2L);
        assertThatThrownBy(() -> template.requestBody("direct:reconcile", "{\"table\": \"users\"}"))
                .isInstanceOf(CamelExecutionException.class)
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRouteIsToldOfARefusal() {
        runs.fail(new RunRefusedException("table ecommerce.users is not replicated here"));

        assertThatThrownBy(() -> template.requestBody("direct:reconcile", "{\"table\": \"ecommerce.users\"}"))
                .hasRootCauseInstanceOf(RunRefusedException.class);
    }

    @Test
    void aTimerLogsOneLineForEachRunThatWasNotWell() {
        try (LogLines log = LogLines.of("reconciliation-scheduled")) {
            // an equal table is nothing to tell
            template.sendBody("direct:scheduled-reconcile", "{\"table\": \"ecommerce.users\"}");
            assertThat(log.all()).isEmpty();

            RunStatus different = StoredRuns.run(TABLE, State.DIFFERENT, 3, 1);
            runs.next(different);
            template.sendBody("direct:scheduled-reconcile", "{\"table\": \"ecommerce.users\"}");
            RunStatus failed = StoredRuns.run(TABLE, State.FAILED, 0, 0);
            runs.next(failed);
            template.sendBody("direct:scheduled-reconcile", "{\"table\": \"ecommerce.users\"}");
            runs.fail(new RunRefusedException("run of ecommerce.users is under way"));
            template.sendBody("direct:scheduled-reconcile", "{\"table\": \"ecommerce.users\"}");

            assertThat(log.all())
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line.getThrowableProxy()).isNull());
            assertThat(log.all().stream().map(ILoggingEvent::getFormattedMessage))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .contains("ecommerce.users: different, 2 differences left, run " + different.id()),
                            line -> assertThat(line).contains("failed", "Connection refused"),
                            line -> assertThat(line).endsWith(": run of ecommerce.users is under way"));
        }
    }

    @Test
    void aReportThatKafkaDoesNotTakeIsOneLine() {
        ReconcileRoutes routes = new ReconcileRoutes(
                context,
                new KafkaConfig("127.0.0.1:1", Map.of("default.api.timeout.ms", "500")),
                new TopicConfig(1, (short) 1));
        try (LogLines log = LogLines.of("reconciliation-report")) {
            routes.accept(StoredRuns.run(TABLE, State.EQUAL, 0, 0));

            assertThat(log.all()).singleElement().satisfies(line -> {
                assertThat(line.getFormattedMessage())
                        .startsWith("A reconciliation of ecommerce.users is not reported in cdc-reconciliation: ");
                assertThat(line.getThrowableProxy()).isNull();
            });
        }
    }

    @Test
    void aTablesFileHasItComparedAgainAndAgain(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("ecommerce.users.camel.yaml"), timerRoute());

        try (RouteFiles files = follow(folder)) {
            await().until(() -> runs.requests.size() >= 2);

            assertThat(files.errors()).isEmpty();
            assertThat(runs.requests).allSatisfy(request -> {
                assertThat(request.table()).hasToString("ecommerce.users");
                assertThat(request.mode()).isEqualTo(Mode.FULL);
                assertThat(request.repair()).isFalse();
            });
        }
    }

    @Test
    void aTablesFileIsRemovedWhileARunIsUnderWay(@TempDir Path folder) throws Exception {
        // Given
        runs.hold();
        Path file = Files.writeString(folder.resolve("ecommerce.users.camel.yaml"), timerRoute());
        try (RouteFiles files = follow(folder)) {
            await().until(() -> !runs.requests.isEmpty());
            // When
            Files.delete(file);
            // Then the removal does not wait for the run, and the run goes on; ticks did not pile up meanwhile
            await().atMost(Duration.ofSeconds(10)).until(() -> context.getRoute("reconcile-users") == null);
            assertThat(files.errors()).isEmpty();
            assertThat(runs.isStopped()).isFalse();
            assertThat(runs.runs(null, 10))
                    .singleElement()
                    .satisfies(run -> assertThat(run.state()).isEqualTo(State.RUNNING));
        }
    }

    @Test
    void theScheduleIsSwitchedOffByAProperty(@TempDir Path folder) throws Exception {
        context.getPropertiesComponent().addOverrideProperty("reconcile.scheduled", "false");
        Files.writeString(folder.resolve("ecommerce.users.camel.yaml"), timerRoute());

        try (RouteFiles files = follow(folder)) {
            await().until(() -> files.files().containsKey("reconcile-users"));
            assertThat(context.getRouteController().getRouteStatus("reconcile-users"))
                    .isEqualTo(ServiceStatus.Stopped);
        }
    }

    private RouteFiles follow(Path folder) throws IOException {
        RouteFiles files = new RouteFiles(
                context,
                new RoutesConfig(folder, Duration.ofMillis(100), Duration.ofMillis(100)),
                route -> true,
                id -> true);
        files.start();
        return files;
    }

    /** The route as the quickstart's table has it. */
    private static String timerRoute() throws IOException {
        String file = Files.readString(Path.of("routes/tables/ecommerce.users.camel.yaml"));
        return file.substring(file.lastIndexOf("- route:"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = send(request(path));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }
}
