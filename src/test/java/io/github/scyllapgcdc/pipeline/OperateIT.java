package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Operating two instances of the packaged application through Kafka Connect's REST interface. */
class OperateIT {
    private static final Duration LANDS = Duration.ofSeconds(30);
    private static final Duration FOLLOWED = Duration.ofSeconds(20);
    private static final String SOURCE_CLASS = "io.github.scyllapgcdc.source.ScyllaCdcComponent";
    private static final String SINK_CLASS = "io.github.scyllapgcdc.sink.PostgresSinkComponent";
    private static final String COLUMNS = "id bigint PRIMARY KEY, v text";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static PipelineFixture fixture;
    private static PipelineApp app;

    @BeforeAll
    static void startTheApplication() throws Exception {
        fixture = new PipelineFixture("operate");
        app = PipelineApp.start("operate", Map.of());
        app.awaitHealthy();
    }

    @AfterAll
    static void stopTheApplication() throws Exception {
        app.close();
        fixture.close();
    }

    @Test
    void aTableIsDeployedAndRemovedAsConnectWouldDoIt() throws Exception {
        // Given
        TableId table = fixture.table("orders", COLUMNS);
        // When
        Answer created = send("POST", "/connectors", """
                {"name": "scylla-source-orders", "config": {"connector.class": "%s", "scylla.table": "operate.orders"}}""".formatted(SOURCE_CLASS));
        // Then
        assertThat(created.code()).as(created.body()).isEqualTo(201);
        assertThat(created.json()).isEqualTo(JSON.readTree("""
                        {"name": "scylla-source-orders",
                         "config": {"connector.class": "%s", "tasks.max": "1", "scylla.table": "operate.orders",
                                    "name": "scylla-source-orders"},
                         "tasks": [{"connector": "scylla-source-orders", "task": 0}],
                         "type": "source"}""".formatted(SOURCE_CLASS)));
        // When the sink is made in Connect's other way
        Answer put = send("PUT", "/connectors/postgres-sink-orders/config", """
                {"connector.class": "%s", "topics": "operate.orders", "tasks.max": "1"}""".formatted(SINK_CLASS));
        // Then
        assertThat(put.code()).as(put.body()).isEqualTo(201);
        awaitTask("postgres-sink-orders", "RUNNING");
        fixture.insert(table, 0, 10);
        fixture.awaitEqual(table, LANDS);
        assertThat(get("/connectors/postgres-sink-orders/status"))
                .isEqualTo(JSON.readTree("""
                        {"name": "postgres-sink-orders",
                         "connector": {"state": "RUNNING", "worker_id": "%1$s"},
                         "tasks": [{"id": 0, "state": "RUNNING", "worker_id": "%1$s"}],
                         "type": "sink"}""".formatted(app.url().replace("http://", ""))));
        assertThat(get("/connectors/scylla-source-orders")).isEqualTo(created.json());
        assertThat(get("/connectors/scylla-source-orders/config"))
                .isEqualTo(created.json().path("config"));
        assertThat(get("/connectors/postgres-sink-orders/tasks").at("/0/id"))
                .isEqualTo(JSON.readTree("{\"connector\": \"postgres-sink-orders\", \"task\": 0}"));
        assertThat(get("/connectors/postgres-sink-orders/tasks/0/status")
                        .path("state")
                        .asText())
                .isEqualTo("RUNNING");
        assertThat(texts(get("/connectors"))).contains("postgres-sink-orders", "scylla-source-orders");
        assertThat(get("/connectors?expand=status&expand=info")
                        .at("/postgres-sink-orders/info/type")
                        .asText())
                .isEqualTo("sink");
        // What is there already, and what it is called
        assertThat(send("POST", "/connectors", """
                {"name": "scylla-source-orders", "config": {"connector.class": "%s", "scylla.table": "operate.orders"}}""".formatted(SOURCE_CLASS)).code())
                .isEqualTo(409);
        // When
        assertThat(send("DELETE", "/connectors/postgres-sink-orders", "").code())
                .isEqualTo(204);
        // Then
        await().atMost(FOLLOWED)
                .until(() -> send("GET", "/connectors/postgres-sink-orders", "").code() == 404);
        assertThat(texts(get("/connectors"))).contains("scylla-source-orders").doesNotContain("postgres-sink-orders");
        assertThat(send("DELETE", "/connectors/scylla-source-orders", "").code())
                .isEqualTo(204);
        await().atMost(FOLLOWED)
                .until(() -> !Files.exists(app.home().resolve("routes/tables/operate.orders.camel.yaml")));
    }

    @Test
    void whatIsRefusedSaysWhyInConnectsForm() throws Exception {
        fixture.cql("CREATE TABLE operate.no_cdc (id bigint PRIMARY KEY, v text)");
        refused("GET", "/connectors/none/status", "", 404, "Connector none not found");
        refused("POST", "/connectors", "{", 400, "not JSON");
        refused("POST", "/connectors", "{\"name\": \"x\"}", 400, "config is missing");
        refused("PUT", "/connectors/x/config", "{}", 400, "connector.class is missing");
        refused(
                "PUT",
                "/connectors/x/config",
                "{\"connector.class\": \"Other\"}",
                400,
                "connector.class=Other is refused");
        String source = "{\"connector.class\": \"" + SOURCE_CLASS + "\", ";
        refused("PUT", "/connectors/x/config", source + "\"scylla.table\": \"a\"}", 400, "\"a\" is not a table");
        refused("PUT", "/connectors/x/config", source + "\"poll\": \"1\"}", 400, "poll is not known here");
        refused(
                "PUT",
                "/connectors/scylla-source-none/config",
                source + "\"scylla.table\": \"operate.none\"}",
                400,
                "table operate.none does not exist");
        refused(
                "PUT",
                "/connectors/mine/config",
                source + "\"scylla.table\": \"operate.none\"}",
                400,
                "is called scylla-source-none");
        refused(
                "PUT",
                "/connectors/scylla-source-no_cdc/config",
                source + "\"scylla.table\": \"operate.no_cdc\"}",
                400,
                "has no CDC");
        assertThat(get("/").path("kafka_cluster_id").asText()).isNotEmpty();
        assertThat(get("/connector-plugins").findValuesAsText("class")).contains(SOURCE_CLASS, SINK_CLASS);
    }

    @Test
    void whatIsPausedStaysPausedOverARestartAndInOtherInstances() throws Exception {
        // Given a pipeline, and a second instance with the same table
        TableId table = fixture.countedTable("items");
        try (PipelineApp first = PipelineApp.prepare("operate-first", Map.of());
                PipelineApp second = PipelineApp.prepare("operate-second", Map.of("SOURCE_ENABLED", "false"))) {
            for (PipelineApp instance : List.of(first, second)) {
                instance.deploy(table);
                instance.restart();
                instance.awaitHealthy();
            }
            fixture.insert(table, 0, 10);
            fixture.awaitEqual(table, LANDS);
            // When
            assertThat(send(first, "PUT", "/connectors/postgres-sink-items/pause", "")
                            .code())
                    .isEqualTo(202);
            // Then both stop to apply, which is no failure
            for (PipelineApp instance : List.of(first, second)) {
                awaitTask(instance, "postgres-sink-items", "PAUSED");
                assertThat(get(instance, "/connectors/postgres-sink-items/status")
                                .at("/connector/state")
                                .asText())
                        .isEqualTo("PAUSED");
                assertThat(instance.isHealthy()).isTrue();
            }
            // When one is killed and started again while changes come in
            first.kill();
            first.restart();
            first.awaitHealthy();
            fixture.insert(table, 10, 30);
            await().atMost(LANDS).untilAsserted(() -> {
                JsonNode paused = connector(first, "postgres-sink-items");
                assertThat(paused.path("lagRecords").asLong()).as("%s", paused).isGreaterThanOrEqualTo(20);
            });
            // Then it is still paused
            assertThat(get(first, "/connectors/postgres-sink-items/status")
                            .at("/tasks/0/state")
                            .asText())
                    .isEqualTo("PAUSED");
            assertThat(fixture.count("SELECT count(*) FROM " + table)).isEqualTo(10);
            // When it is resumed through the other one
            assertThat(send(second, "PUT", "/connectors/postgres-sink-items/resume", "")
                            .code())
                    .isEqualTo(202);
            // Then nothing is missing, and nothing there twice
            fixture.awaitEqual(table, LANDS);
            fixture.assertEachOnce(table, 30);
            // When a source is restarted
            assertThat(send(second, "POST", "/connectors/scylla-source-items/restart", "")
                            .code())
                    .isEqualTo(204);
            // Then the instance that runs it follows
            await().atMost(FOLLOWED)
                    .until(() -> first.log().contains("route scylla-source-items is restarted, as asked"));
            fixture.insert(table, 30, 40);
            fixture.awaitEqual(table, LANDS);
            fixture.assertEachOnce(table, 40);
        }
    }

    @Test
    void theNumberOfTasksIsChangedWhileItRuns() throws Exception {
        // Given
        TableId table = fixture.countedTable("events");
        configure(table, 1);
        assertThat(send("PUT", "/connectors/postgres-sink-events/config", """
                {"connector.class": "postgres-sink", "topics": "operate.events"}""").code())
                .isEqualTo(201);
        await().atMost(FOLLOWED)
                .ignoreExceptions()
                .until(() -> connector(app, "scylla-source-events")
                        .path("lagSeconds")
                        .isNumber());
        fixture.insert(table, 0, 100);
        fixture.awaitEqual(table, LANDS);
        for (int tasks : List.of(3, 2)) {
            // When
            configure(table, tasks);
            // Then
            await().atMost(FOLLOWED).untilAsserted(() -> {
                JsonNode states = get("/connectors/scylla-source-events/status").path("tasks");
                assertThat(states.findValuesAsText("state")).hasSize(tasks).containsOnly("RUNNING");
            });
            long from = fixture.count("SELECT count(*) FROM " + table);
            fixture.insert(table, from, from + 100);
            fixture.awaitEqual(table, LANDS);
        }
        fixture.assertEachOnce(table, 300);
        // When one of them is restarted
        assertThat(send("POST", "/connectors/scylla-source-events/tasks/1/restart", "")
                        .code())
                .isEqualTo(204);
        // Then
        await().atMost(FOLLOWED).until(() -> app.log().contains("route scylla-source-events-1 is restarted, as asked"));
        refused("POST", "/connectors/scylla-source-events/tasks/7/restart", "", 404, "has no task 7");
        fixture.insert(table, 300, 400);
        fixture.awaitEqual(table, LANDS);
        fixture.assertEachOnce(table, 400);
    }

    @Test
    void latencyIsMeasuredWithRowsThatAreGoneAfterwards() throws Exception {
        // Given keys of several types
        TableId table = fixture.table(
                "probed", "a text, b int, c timestamp, d blob, e tinyint, v text, PRIMARY KEY ((a, b), c, d, e)");
        for (String half : List.of("scylla-source-probed", "postgres-sink-probed")) {
            assertThat(send(
                                    "PUT",
                                    "/connectors/" + half + "/config",
                                    half.startsWith("scylla")
                                            ? "{\"connector.class\": \"scylla-cdc\", \"scylla.table\": \"operate.probed\"}"
                                            : "{\"connector.class\": \"postgres-sink\", \"topics\": \"operate.probed\"}")
                            .code())
                    .isEqualTo(201);
        }
        fixture.cql("INSERT INTO operate.probed (a, b, c, d, e, v) VALUES ('mine', 1, 0, 0x00, 1, 'stays')");
        fixture.awaitSame(table, LANDS);
        // When
        Answer sample = send("POST", "/latency", "{\"table\": \"operate.probed\"}");
        // Then it is at least as long as the log may receive older writes
        assertThat(sample.code()).as(sample.body()).isEqualTo(200);
        assertThat(sample.json().path("millis").asDouble()).isBetween(1000.0, 30_000.0);
        fixture.awaitSame(table, LANDS);
        assertThat(fixture.count("SELECT count(*) FROM " + table)).isEqualTo(1);
        // And what can't be measured says why
        fixture.cql("CREATE TABLE operate.flags (flag boolean PRIMARY KEY) WITH cdc = {'enabled': true}");
        Answer refused = send("POST", "/latency", "{\"table\": \"operate.flags\"}");
        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.json().path("error").asText()).contains("a marker row could be a row of yours");
        assertThat(send("POST", "/latency", "{}").code()).isEqualTo(400);
    }

    @Test
    void onlyWhoHasTheTokenIsServed() throws Exception {
        try (PipelineApp guarded = PipelineApp.start("operate-guarded", Map.of("API_TOKEN", "a-token-of-our-own"))) {
            guarded.awaitHealthy(); // which needs none
            for (String path : List.of("/", "/connectors", "/status", "/dlq", "/reconcile")) {
                assertThat(send(guarded, "GET", path, "").code()).as(path).isEqualTo(401);
                assertThat(authorized(guarded, path, "Bearer a-token-of-our-own"))
                        .as(path)
                        .isEqualTo(200);
            }
            assertThat(authorized(guarded, "/status", "Bearer another-token-of-theirs"))
                    .isEqualTo(401);
            assertThat(authorized(guarded, "/status", "Basic " + base64("me:a-token-of-our-own")))
                    .isEqualTo(200);
            assertThat(authorized(guarded, "/status", "Basic %%%")).isEqualTo(401);
            assertThat(raw(
                            guarded,
                            "POST /connectors/x/restart",
                            "Host: localhost",
                            "Authorization: Bearer a-token-of-our-own",
                            "Origin: https://example.com"))
                    .startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void withoutATokenOtherHostsAndStrangersPagesMayNotChangeAnything() throws Exception {
        // Given an instance that lets other hosts in
        try (PipelineApp open = PipelineApp.start("operate-open", Map.of("CAMEL_SERVER_HOST", "0.0.0.0"))) {
            open.awaitHealthy();
            // Then it tells how it stands, and neither changes anything nor shows rows
            assertThat(send(open, "GET", "/connectors", "").code()).isEqualTo(200);
            assertThat(send(open, "GET", "/status", "").code()).isEqualTo(200);
            assertThat(send(open, "GET", "/dlq", "").code()).isEqualTo(403);
            for (String path :
                    List.of("/status/../dlq", "/health/%2e%2e/dlq", "/connectors/../reconcile", "/connectorsx")) {
                assertThat(raw(open, "GET " + path, "Host: localhost")).as(path).startsWith("HTTP/1.1 403");
            }
            assertThat(send(open, "PUT", "/connectors/x/pause", "").code()).isEqualTo(403);
            assertThat(send(open, "POST", "/reconcile", "{}")
                            .json()
                            .path("error")
                            .asText())
                    .contains("api.token is not set");
        }
        // And one on loopback does not serve a browser that a stranger's page sends
        assertThat(raw("GET /status", "Host: rebound.example.com")).startsWith("HTTP/1.1 403");
        assertThat(raw("POST /connectors/x/restart", "Host: 127.0.0.1", "Origin: https://example.com"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /status", "Host: localhost")).startsWith("HTTP/1.1 200");
    }

    /** What the JDK's client does not let one send. */
    private static String raw(String request, String... headers) throws IOException {
        return raw(app, request, headers);
    }

    private static String raw(PipelineApp instance, String request, String... headers) throws IOException {
        String text = request + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(instance.url()).getPort())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int authorized(PipelineApp instance, String path, String authorization) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(instance.url() + path))
                                .header("Authorization", authorization)
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static void configure(TableId table, int tasks) throws Exception {
        Answer answer =
                send("PUT", "/connectors/scylla-source-" + table.name() + "/config", """
                {"connector.class": "scylla-cdc", "scylla.table": "%s", "tasks.max": "%d"}""".formatted(table, tasks));
        assertThat(answer.code()).as(answer.body()).isIn(200, 201);
    }

    private static void refused(String method, String path, String body, int code, String message) throws Exception {
        Answer answer = send(method, path, body);
        assertThat(answer.code()).as(answer.body()).isEqualTo(code);
        assertThat(answer.json().path("error_code").asInt()).isEqualTo(code);
        assertThat(answer.json().path("message").asText()).contains(message);
    }

    private static void awaitTask(String connector, String state) {
        awaitTask(app, connector, state);
    }

    private static void awaitTask(PipelineApp instance, String connector, String state) {
        await().atMost(FOLLOWED)
                .ignoreExceptions()
                .until(
                        () -> get(instance, "/connectors/" + connector + "/status")
                                .at("/tasks/0/state")
                                .asText(),
                        state::equals);
    }

    private static JsonNode connector(PipelineApp instance, String name) throws Exception {
        for (JsonNode connector : get(instance, "/status").path("connectors")) {
            if (connector.path("name").asText().equals(name)) {
                return connector;
            }
        }
        throw new AssertionError("no connector " + name);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static JsonNode get(String path) throws Exception {
        return get(app, path);
    }

    private static JsonNode get(PipelineApp instance, String path) throws Exception {
        Answer answer = send(instance, "GET", path, "");
        assertThat(answer.code()).as(path + ": " + answer.body()).isEqualTo(200);
        return answer.json();
    }

    private record Answer(int code, String body) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    private static Answer send(String method, String path, String body) throws Exception {
        return send(app, method, path, body);
    }

    private static Answer send(PipelineApp instance, String method, String path, String body) throws Exception {
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(URI.create(instance.url() + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }
}
