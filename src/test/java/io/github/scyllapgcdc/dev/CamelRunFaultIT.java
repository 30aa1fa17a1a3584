package io.github.scyllapgcdc.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code camel run} as jbang/README.md tells a developer to start it, in a checkout of its own. */
class CamelRunFaultIT {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final String TABLE = "camel_run_it.users";

    private final Path project = Path.of("").toAbsolutePath();
    private final Path home = project.resolve("target/camel-run-" + System.nanoTime());
    private final StackEndpoints stack = TestStack.get().endpoints();
    private final int port = TestStack.get().port("camel-run", 0);
    private Process camel;

    @BeforeEach
    void checkOut() throws IOException {
        for (String folder : List.of("routes/tables", "jbang", ".dev")) {
            Files.createDirectories(home.resolve(folder));
        }
        Files.createSymbolicLink(home.resolve("target"), project.resolve("target"));
        List<String> files = new ArrayList<>(List.of("application.properties", "jbang/application-dev.properties"));
        try (Stream<Path> routes = Files.list(project.resolve("routes"))) {
            routes.filter(Files::isRegularFile)
                    .forEach(route -> files.add(project.relativize(route).toString()));
        }
        for (String file : files) {
            Files.copy(project.resolve(file), home.resolve(file));
        }
        Map<String, String> servers = stack.properties();
        servers.put("camel.server.port", Integer.toString(port));
        servers.put("camel.management.port", Integer.toString(TestStack.get().port("camel-run-management", 0)));
        new PropertiesFile(home.resolve(".dev/servers.properties")).write(servers);
    }

    @AfterEach
    void end() {
        if (camel != null) {
            camel.destroyForcibly().onExit().join();
        }
    }

    @Test
    void aChangeArrivesAndAnEditTakesEffect() throws Exception {
        // Given a table and its route file
        cql("CREATE KEYSPACE IF NOT EXISTS camel_run_it"
                + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        cql("CREATE TABLE " + TABLE + " (user_id bigint PRIMARY KEY, name text) WITH cdc = {'enabled': true}");
        Files.writeString(
                home.resolve("routes/tables/" + TABLE + ".camel.yaml"),
                Files.readString(project.resolve("routes/tables/ecommerce.users.camel.yaml"))
                        .replace("ecommerce.users", TABLE));

        // When the routes are run, then a change arrives
        camel = camelRun();
        await().atMost(START).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            assertThat(camel.isAlive()).as(this::log).isTrue();
            return Http.get(url("/health")).statusCode() == 200;
        });
        cql("INSERT INTO " + TABLE + " (user_id, name) VALUES (1, 'before')");
        await().atMost(LANDS).untilAsserted(() -> assertThat(rows()).contains("before"));

        // When a shared route is edited, then the edit takes effect, and the pipeline goes on
        Path health = home.resolve("routes/health.camel.yaml");
        Files.writeString(health, Files.readString(health).replace("platform-http:/health", "platform-http:/edited"));
        await().atMost(LANDS)
                .untilAsserted(
                        () -> assertThat(Http.get(url("/edited")).statusCode()).isEqualTo(200));
        cql("INSERT INTO " + TABLE + " (user_id, name) VALUES (2, 'after')");
        await().atMost(LANDS).untilAsserted(() -> assertThat(rows()).contains("before", "after"));
    }

    private Process camelRun() throws IOException {
        List<Path> libraries;
        try (Libraries maven = new Libraries(StackHome.cache().resolve("libraries.properties"), StackListener.SILENT)) {
            libraries = new ArrayList<>(maven.classPath(CamelJBang.LIBRARY));
        }
        // Nothing of the application: camel run has to find that by itself
        libraries.add(JavaCommand.codeOf(CamelJBang.class));
        String classPath = String.join(
                System.getProperty("path.separator"),
                libraries.stream().map(Path::toString).toList());
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        CamelJBang.class.getName(),
                        "run",
                        "--logging-color=false",
                        "--properties=../application.properties,../.dev/servers.properties")
                .directory(home.resolve("jbang").toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("camel.log").toFile())
                .start();
    }

    private String log() {
        try {
            return Files.readString(home.resolve("camel.log"));
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private void cql(String statement) {
        CommandRun run =
                CommandRun.of("cql", statement, "--contact-point", stack.scyllaHost() + ":" + stack.scyllaPort());
        assertThat(run.errors()).isEmpty();
    }

    private String rows() {
        return CommandRun.of("sql", "SELECT name FROM " + TABLE, "--url", stack.postgresJdbcUrl())
                .out();
    }
}
