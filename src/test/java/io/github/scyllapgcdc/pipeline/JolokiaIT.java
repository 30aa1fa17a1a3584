package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.cli.CommandRun;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jolokia of the packaged application: who is let in, what is given, what is refused. */
class JolokiaIT {
    private static final String USER = "operator";
    private static final String PASSWORD = "s3cret-of-management";
    private static final String ROUTES = "org.apache.camel:context=scylla-pg-cdc,type=routes,name=";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static PipelineFixture fixture;
    private static PipelineApp app;
    private static TableId table;
    private static String management;

    @BeforeAll
    static void start() throws Exception {
        fixture = new PipelineFixture("jolokia_it");
        table = fixture.table("counted", "id bigint PRIMARY KEY, v text");
        int port = TestStack.get().port("jolokia-management", 0);
        management = "http://127.0.0.1:" + port;
        app = PipelineApp.start(
                "jolokia",
                Map.of(
                        "CAMEL_MANAGEMENT_PORT",
                        Integer.toString(port),
                        "CAMEL_MANAGEMENT_JOLOKIAENABLED",
                        "true",
                        "MANAGEMENT_USERNAME",
                        USER,
                        "MANAGEMENT_PASSWORD",
                        PASSWORD));
        app.deploy(table);
        app.awaitHealthy();
        fixture.insert(table, 0, 10);
        fixture.awaitEqual(table, Duration.ofSeconds(60));
    }

    @AfterAll
    static void stop() throws Exception {
        app.close();
        fixture.close();
    }

    @Test
    void nobodyIsLetInWithoutTheLogin() throws Exception {
        for (String path :
                List.of("/observe/jolokia", "/observe/jolokia/", "/observe/jolokia/list", "/observe//jolokia/")) {
            assertThat(get(path, null).statusCode()).as(path).isNotEqualTo(200);
            assertThat(get(path, basic(USER, "guessed")).statusCode()).as(path).isNotEqualTo(200);
        }
        assertThat(get("/observe/jolokia", null).statusCode()).isEqualTo(401);
        assertThat(get("/observe/jolokia", basic("nobody", PASSWORD)).statusCode())
                .isEqualTo(401);
        assertThat(get("/observe/jolokia", basic(USER, PASSWORD)).statusCode()).isEqualTo(200);
        // What probes and Prometheus ask needs none
        assertThat(get("/observe/metrics", null).statusCode()).isEqualTo(200);
    }

    @Test
    void aPageOfAnotherSiteIsRefused() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(management + "/observe/jolokia"))
                        .header("Authorization", basic(USER, PASSWORD))
                        .header("Origin", "http://evil.example")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"version\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.has("error")).as(answer.body()).isTrue();
        assertThat(body.has("value")).as(answer.body()).isFalse();
    }

    @Test
    void theRoutesAndTheirCountersAreShown() throws Exception {
        JsonNode found = ask("""
                {"type": "search", "mbean": "org.apache.camel:type=routes,*"}""").path("value");
        assertThat(found.toString()).contains("scylla-source-counted", "postgres-sink-counted", "health");

        JsonNode sink = ask("""
                {"type": "read", "mbean": "%s"}""".formatted(name("postgres-sink-counted"))).path("value");
        assertThat(sink.path("ExchangesCompleted").asLong()).isPositive();
        assertThat(sink.path("State").asText()).isEqualTo("Started");

        assertThat(ask("""
                {"type": "exec", "operation": "dumpRoutesAsXml()",
                 "mbean": "org.apache.camel:context=scylla-pg-cdc,type=context,name=\\"scylla-pg-cdc\\""}""").path("value").asText()).contains("postgres-sink-counted");
    }

    @Test
    void aRouteIsStoppedAndStarted() throws Exception {
        exec("postgres-sink-counted", "stop()");
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(
                                app.route("postgres-sink-counted").path("state").asText())
                        .isEqualTo("Stopped"));
        // Nobody decided that it be paused, so that is a failure
        assertThat(app.isHealthy()).isFalse();
        assertThat(sinkTask()).isEqualTo("FAILED");

        fixture.insert(table, 100, 110);
        exec("postgres-sink-counted", "start()");
        fixture.awaitEqual(table, Duration.ofSeconds(60));
    }

    @Test
    void onlyWhatFailedIsRestartedWhereThatIsAskedFor() throws Exception {
        // Given a sink that was stopped
        exec("postgres-sink-counted", "stop()");
        await().atMost(Duration.ofSeconds(15)).until(JolokiaIT::sinkTask, "FAILED"::equals);
        // When
        for (String connector : List.of("scylla-source-counted", "postgres-sink-counted")) {
            assertThat(connect("POST", "/connectors/" + connector + "/restart?onlyFailed=true")
                            .statusCode())
                    .isEqualTo(204);
        }
        // Then it runs again
        await().atMost(Duration.ofSeconds(15)).until(JolokiaIT::sinkTask, "RUNNING"::equals);
        fixture.insert(table, 200, 210);
        fixture.awaitEqual(table, Duration.ofSeconds(60));
        // And the source, which had not failed, ran on
        assertThat(app.log())
                .contains("route postgres-sink-counted is restarted, as asked")
                .doesNotContain("route scylla-source-counted is restarted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"type": "read", "mbean": "java.lang:type=Runtime", "attribute": "SystemProperties"}""",
                """
                {"type": "read", "mbean": "java.lang:type=Runtime", "attribute": "InputArguments"}""",
                """
                {"type": "read", "mbean": "java.util.logging:type=Logging", "attribute": "LoggerNames"}""",
                """
                {"type": "exec", "mbean": "com.sun.management:type=DiagnosticCommand", "operation": "vmSystemProperties"}""",
                """
                {"type": "exec", "mbean": "com.sun.management:type=DiagnosticCommand", "operation": "compilerDirectivesAdd",
                 "arguments": [["/etc/passwd"]]}""",
                """
                {"type": "exec", "mbean": "com.sun.management:type=HotSpotDiagnostic", "operation": "dumpHeap",
                 "arguments": ["/tmp/no.hprof", true]}""",
                """
                {"type": "exec", "mbean": "java.lang:type=Memory", "operation": "gc"}""",
                """
                {"type": "write", "mbean": "java.lang:type=Memory", "attribute": "Verbose", "value": true}""",
                """
                {"type": "exec", "mbean": "CONTEXT", "operation": "stop()"}""",
                """
                {"type": "exec", "mbean": "CONTEXT", "operation": "sendStringBody", "arguments": ["log:x", "y"]}""",
                """
                {"type": "exec", "mbean": "CONTEXT", "operation": "dumpRoutesAsXml(boolean)", "arguments": [true]}""",
                """
                {"type": "write", "mbean": "CONTEXT", "attribute": "Tracing", "value": true}""",
                """
                {"type": "exec", "mbean": "ROUTE", "operation": "updateRouteFromXml", "arguments": ["<route/>"]}""",
                """
                {"type": "exec", "mbean": "ROUTE", "operation": "remove()"}""",
                """
                {"type": "exec", "mbean": "TRACER", "operation": "dumpAllTracedMessagesAsXml()"}""",
                """
                {"type": "write", "mbean": "TRACER", "attribute": "Enabled", "value": true}""",
            })
    void theRestIsRefused(String request) throws Exception {
        String context = "org.apache.camel:context=scylla-pg-cdc,";
        JsonNode answer = ask(request.replace("CONTEXT", context + "type=context,name=\\\"scylla-pg-cdc\\\"")
                .replace("ROUTE", ROUTES + "\\\"health\\\"")
                .replace("TRACER", context + "type=tracer,name=BacklogTracer"));

        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(403);
    }

    @Test
    void noSecretIsToBeRead() throws Exception {
        StackEndpoints stack = fixture.endpoints();
        StringBuilder all = new StringBuilder();
        for (JsonNode name : ask("""
                {"type": "search", "mbean": "*:*"}""").path("value")) {
            String mbean = name.asText().replace("\\", "\\\\").replace("\"", "\\\"");
            all.append(ask("{\"type\": \"read\", \"mbean\": \"" + mbean + "\", \"config\": {\"ignoreErrors\": true}}"));
        }
        assertThat(all.toString()).hasSizeGreaterThan(10_000).contains("postgres-sink-counted");
        for (String secret : List.of(stack.postgresPassword(), stack.vaultToken(), PASSWORD)) {
            assertThat(all.indexOf(secret))
                    .as("where a secret is in what can be read")
                    .isNegative();
        }
    }

    @Test
    void theConsoleSaysWhyItDoesNotStart() throws Exception {
        System.setProperty("management.username", USER);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.setProperty("management.password", PASSWORD);
            String port = Integer.toString(taken.getLocalPort());
            assertThat(hawtio("--url", management + "/observe/jolokia", "--port", port))
                    .contains("port " + port + " is taken", "--port N");
            assertThat(hawtio("--url", "http://127.0.0.1:1/observe/jolokia"))
                    .contains("no running application at http://127.0.0.1:1/observe/jolokia", "./cdc dev", "--url");
            assertThat(hawtio("--url", management + "/observe/other"))
                    .contains("Jolokia is off", "camel.management.jolokiaEnabled=true");
            System.setProperty("management.password", "guessed");
            assertThat(hawtio("--url", management + "/observe/jolokia"))
                    .contains("refuses the login of management.username=" + USER)
                    .doesNotContain("guessed");
        } finally {
            System.clearProperty("management.username");
            System.clearProperty("management.password");
        }
    }

    private static String hawtio(String... options) {
        CommandRun run = CommandRun.of(
                Stream.concat(Stream.of("hawtio"), Stream.of(options)).toArray(String[]::new));
        assertThat(run.code()).isNotZero();
        assertThat(run.errors()).hasLineCount(1);
        return run.errors();
    }

    private static String sinkTask() throws IOException, InterruptedException {
        return JSON.readTree(connect("GET", "/connectors/postgres-sink-counted/status")
                        .body())
                .at("/tasks/0/state")
                .asText();
    }

    private static HttpResponse<String> connect(String method, String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(app.url() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String name(String route) {
        return ROUTES + "\\\"" + route + "\\\"";
    }

    private static void exec(String route, String operation) throws IOException, InterruptedException {
        JsonNode answer =
                ask("{\"type\": \"exec\", \"mbean\": \"" + name(route) + "\", \"operation\": \"" + operation + "\"}");
        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(200);
    }

    private static JsonNode ask(String request) throws IOException, InterruptedException {
        return JSON.readTree(HTTP.send(
                        HttpRequest.newBuilder(URI.create(management + "/observe/jolokia"))
                                .header("Authorization", basic(USER, PASSWORD))
                                .POST(HttpRequest.BodyPublishers.ofString(request))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private static HttpResponse<String> get(String path, String authorization)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(management + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
