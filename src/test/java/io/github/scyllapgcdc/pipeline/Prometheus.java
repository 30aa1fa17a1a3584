package io.github.scyllapgcdc.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real Prometheus that scrapes one application, with the project's rules. */
final class Prometheus implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final Process process;
    private final String url;

    /** A program of Prometheus' packages, such as {@code promtool}. */
    static Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param folder an empty one for what it writes */
    Prometheus(Path folder, int port, String target) throws IOException {
        url = "http://127.0.0.1:" + port;
        Path config = Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ["%s/*.yml"]
                scrape_configs:
                  - job_name: scylla-pg-cdc
                    metrics_path: /observe/metrics
                    static_configs: [{targets: ["%s"]}]
                """.formatted(
                        Path.of("docker/prometheus/rules").toAbsolutePath(), target));
        process = new ProcessBuilder(
                        find("prometheus").orElseThrow().toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        Awaitility.await("Prometheus scrapes " + target)
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> query("up{job=\"scylla-pg-cdc\"} == 1").size() == 1);
    }

    String url() {
        return url;
    }

    /** What a query answers now. */
    JsonNode query(String expression) throws IOException, InterruptedException {
        String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        JsonNode answer = new ObjectMapper()
                .readTree(HTTP.send(
                                HttpRequest.newBuilder(URI.create(url + "/api/v1/query?query=" + query))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(expression + ": " + answer);
        }
        return answer.at("/data/result");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
