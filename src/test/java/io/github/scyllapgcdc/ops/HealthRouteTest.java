package io.github.scyllapgcdc.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.TestPorts;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.RoutesConfig;
import io.github.scyllapgcdc.status.RouteStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** routes/health.camel.yaml as the application runs it, with servers that answer or do not. */
class HealthRouteTest extends CamelMainTestSupport {
    @TempDir
    private static Path tables;

    private final AtomicReference<Exception> kafkaFailure = new AtomicReference<>();
    private final int port = TestPorts.free();

    @Override
    protected void configure(MainConfigurationProperties main) {
        main.withRoutesIncludePattern("file:routes/health.camel.yaml");
        main.httpServer().withEnabled(true).withHost("127.0.0.1").withPort(port);
    }

    private RouteStates routes;

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        return new Properties();
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        TestPorts.serve(registry, port);
        registry.bind("dataSource", new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nowhere"));
        routes = new RouteStates(context(), route -> true, id -> true);
        registry.bind("health", new Health(List.of(kafka()), routes, Map::of));
    }

    private Server kafka() {
        Server.Check check = () -> {
            if (kafkaFailure.get() != null) {
                throw kafkaFailure.get();
            }
        };
        return new Server("kafka", "Kafka", "10.0.0.1:9092", "kafka.bootstrap.servers", check, check);
    }

    @Test
    void answersDownUntilTheTablesAreLoadedThenUpThenDownForWhatFails() throws Exception {
        // Given: servers are there, the tables' routes are not loaded yet
        assertThat(get().statusCode()).isEqualTo(503);
        assertThat(report().path("detail").asText()).contains("waiting for the servers");
        // When
        try (RouteFiles files = new RouteFiles(
                context,
                new RoutesConfig(tables, Duration.ofMillis(50), Duration.ofMillis(50)),
                r -> true,
                id -> true)) {
            routes.follow(files, null);
            files.start();
            // Then
            await().until(() -> get().statusCode() == 200);
            assertThat(report().path("status").asText()).isEqualTo("UP");
            assertThat(report().at("/dependencies/kafka/latencyMillis").isNumber())
                    .isTrue();
            assertThat(route("health").path("state").asText()).isEqualTo("Started");

            // When a server fails
            kafkaFailure.set(new IOException("Connection refused"));
            // Then
            assertThat(get().statusCode()).isEqualTo(503);
            assertThat(report().at("/dependencies/kafka/detail").asText()).isEqualTo("Connection refused");
            kafkaFailure.set(new ConfigurationException("Kafka refused the login"));
            assertThat(report().at("/dependencies/kafka/detail").asText()).isEqualTo("Kafka refused the login");
            kafkaFailure.set(null);

            // When a file is wrong
            Files.writeString(tables.resolve("a.b.camel.yaml"), "- nothing: 1\n");
            // Then
            await().until(() -> get().statusCode() == 503);
            assertThat(report().at("/files").properties())
                    .containsExactly(
                            Map.entry("a.b.camel.yaml", report().at("/files").path("a.b.camel.yaml")));
            Files.writeString(tables.resolve("a.b.camel.yaml"), """
                    - route:
                        id: postgres-sink-b
                        from:
                          uri: direct:b
                          steps:
                            - log: x
                    """);
            await().until(() -> get().statusCode() == 200);
            assertThat(route("postgres-sink-b").path("file").asText()).isEqualTo("a.b.camel.yaml");

            // When a route says that it is held up
            context.getRegistry().bind(RouteStatus.bean("postgres-sink-b"), new Held());
            // Then
            assertThat(get().statusCode()).isEqualTo(503);
            assertThat(route("postgres-sink-b").path("detail").asText()).isEqualTo("retrying: disk full");
            assertThat(route("postgres-sink-b").at("/figures/lag").asLong()).isEqualTo(7);
        }
    }

    private record Held() implements RouteStatus {
        @Override
        public String routeId() {
            return "postgres-sink-b";
        }

        @Override
        public boolean up() {
            return false;
        }

        @Override
        public String detail() {
            return "retrying: disk full";
        }

        @Override
        public Map<String, Object> figures() {
            return Map.of("lag", 7);
        }
    }

    private JsonNode route(String id) throws Exception {
        for (JsonNode route : report().path("routes")) {
            if (route.path("id").asText().equals(id)) {
                return route;
            }
        }
        throw new AssertionError("no route " + id);
    }

    private JsonNode report() throws Exception {
        return new ObjectMapper().readTree(get().body());
    }

    private HttpResponse<String> get() throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
