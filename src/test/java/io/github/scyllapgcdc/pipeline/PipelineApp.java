package io.github.scyllapgcdc.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.dev.AppProcess;
import io.github.scyllapgcdc.dev.EmbeddedStack;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/**
 * The packaged application as a process, in a folder of its own with the project's {@code application.properties} and shared routes, and
 * the table routes a test deploys.
 */
final class PipelineApp implements AutoCloseable {
    private static final Duration UP = Duration.ofSeconds(90);

    private final Path home;
    private final AppProcess process;

    private PipelineApp(Path home, AppProcess process) {
        this.home = home;
        this.process = process;
    }

    /** Starts the application without a table. */
    static PipelineApp start(String name, Map<String, String> environment) throws IOException {
        PipelineApp app = prepare(name, environment);
        app.restart();
        return app;
    }

    /** The application without a table, not yet started. */
    static PipelineApp prepare(String name, Map<String, String> environment) throws IOException {
        EmbeddedStack stack = TestStack.get();
        Path home = Files.createDirectories(Path.of("target", "pipeline", name + "-" + System.nanoTime()));
        Files.createDirectories(home.resolve("routes/tables"));
        Files.copy(Path.of("application.properties"), home.resolve("application.properties"));
        try (Stream<Path> routes = Files.list(Path.of("routes"))) {
            for (Path route : routes.filter(Files::isRegularFile).toList()) {
                Files.copy(route, home.resolve("routes").resolve(route.getFileName()));
            }
        }
        Map<String, String> all = new HashMap<>(stack.endpoints().environment());
        all.put("CAMEL_MANAGEMENT_PORT", Integer.toString(stack.port(name + "-management", 0)));
        all.putAll(environment);
        all.values().removeIf(Objects::isNull);
        AppProcess process = new AppProcess(
                home,
                Path.of("target", "scylla-pg-cdc.jar"),
                all,
                stack.port(name + "-server", 0),
                home.resolve("application.log"));
        return new PipelineApp(home, process);
    }

    /** Puts a table's route file in place, as {@code ./cdc deploy} does: whole, or not at all. */
    void deploy(TableId table) throws IOException {
        deploy(table, UnaryOperator.identity());
    }

    /** The same, with steps of a test's own in the file. */
    void deploy(TableId table, UnaryOperator<String> edit) throws IOException {
        String route = Files.readString(Path.of("routes/tables/ecommerce.users.camel.yaml"))
                .replace("ecommerce.users", table.toString())
                .replace("scylla-source-users", "scylla-source-" + table.name())
                .replace("postgres-sink-users", "postgres-sink-" + table.name())
                .replace("reconcile-users", "reconcile-" + table.name());
        Path whole = Files.writeString(home.resolve("routes/" + table + ".tmp"), edit.apply(route));
        Files.move(whole, home.resolve("routes/tables/" + table + ".camel.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The folder it runs in. */
    Path home() {
        return home;
    }

    /** Puts one of the shared routes in place, with steps of a test's own in it; takes effect with the next start. */
    void share(String file, UnaryOperator<String> edit) throws IOException {
        Files.writeString(home.resolve("routes").resolve(file), edit.apply(Files.readString(Path.of("routes", file))));
    }

    void awaitHealthy() throws IOException {
        Assertions.assertThat(process.awaitHealthy(UP))
                .as("the application is healthy; its log:%n%s", log())
                .isTrue();
    }

    boolean isHealthy() {
        try {
            return process.isHealthy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Where its HTTP interface is. */
    String url() {
        return "http://127.0.0.1:" + process.serverPort();
    }

    /** What {@code GET /health} answers now, as text; empty if nobody answers. */
    String health() {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url() + "/health")).build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException notYet) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** What health says of one server, by its id there. */
    JsonNode server(String id) throws IOException {
        return new ObjectMapper().readTree(health()).path("dependencies").path(id);
    }

    /** What health says of one route. */
    JsonNode route(String id) throws IOException {
        String health = health();
        for (JsonNode route : new ObjectMapper().readTree(health).path("routes")) {
            if (route.path("id").asText().equals(id)) {
                return route;
            }
        }
        throw new AssertionError("no route " + id + " in " + health);
    }

    /** Ends the process with SIGKILL. */
    void kill() {
        process.kill();
    }

    /** Sends SIGTERM and returns at once. */
    void terminate() {
        process.terminate();
    }

    /** Waits for its end; answers its exit code, or nothing if it still runs when the time is over. */
    OptionalInt awaitEnd(Duration limit) throws InterruptedException {
        return process.awaitEnd(limit);
    }

    /** Freezes it (SIGSTOP). */
    void freeze() {
        process.pause();
    }

    /** Lets it run on (SIGCONT). */
    void thaw() {
        process.resume();
    }

    /** Starts it again after a kill. */
    void restart() {
        process.start();
    }

    /** What the process has written since its last start. */
    String log() {
        try {
            return Files.readString(process.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.stop();
    }
}
