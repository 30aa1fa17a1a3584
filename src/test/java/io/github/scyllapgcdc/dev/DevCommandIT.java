package io.github.scyllapgcdc.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./cdc dev} as a person meets it: another process, its output, its files, signals. */
class DevCommandIT {
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(20);

    @TempDir
    Path home;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void checkOut() throws IOException {
        Path project = Path.of("").toAbsolutePath();
        Files.createSymbolicLink(home.resolve("target"), project.resolve("target"));
        Files.copy(project.resolve("application.properties"), home.resolve("application.properties"));
        try (Stream<Path> routes = Files.walk(project.resolve("routes"))) {
            for (Path each : routes.toList()) {
                Files.copy(each, home.resolve(project.relativize(each)));
            }
        }
    }

    @AfterEach
    void endWhatATestLeft() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void startsRefusesASecondRestartsTheApplicationAndStops() throws Exception {
        // Given a checkout where nothing runs
        Process dev = dev("first", "--demo");

        // When it is started, then it tells where all is, and rows flow
        await().atMost(START).until(() -> {
            assertThat(dev.isAlive()).as(output("first")).isTrue();
            return Files.exists(stackFile());
        });
        Map<String, String> stack = stack();
        assertThat(stack)
                .containsKeys(
                        "scylla.host",
                        "scylla.port",
                        "kafka.bootstrap",
                        "registry.url",
                        "postgres.jdbcUrl",
                        "vault.address",
                        "connect.url",
                        "management.url",
                        "app.pid");
        try (Connection postgres = DriverManager.getConnection(stack.get("postgres.jdbcUrl"))) {
            assertThat(postgres.isValid(5)).isTrue();
        }
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(output("first"))
                        .contains("INSERT user 1 ")
                        .containsPattern("in PostgreSQL after [0-9.]+ s"));

        // And a second start in this checkout is refused
        Process second = dev("second");
        assertThat(second.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(output("second")).contains("already running").contains("process " + dev.pid());
        assertThat(stackFile()).exists();

        // When the application alone is killed
        List<ProcessHandle> before = dev.children().toList();
        long application = Long.parseLong(stack.get("app.pid"));
        ProcessHandle.of(application).orElseThrow().destroyForcibly();

        // Then it is started again, and the servers never ended
        await().atMost(START).until(() -> Long.parseLong(stack().get("app.pid")) != application);
        await().atMost(START)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Http.get(stack().get("connect.url") + "/health").statusCode() == 200);
        assertThat(output("first")).contains("the application (exit code 137); starting it again");
        assertThat(before).filteredOn(each -> each.pid() != application).allMatch(ProcessHandle::isAlive);

        // When it is told to stop, then nothing is left
        List<ProcessHandle> children = dev.descendants().toList();
        dev.destroy();
        assertThat(dev.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(stackFile()).doesNotExist();
    }

    private Process dev(String name, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dcdc.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                "io.github.scyllapgcdc.cli.Cdc",
                "dev"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(name + ".out").toFile())
                .start();
        started.add(process);
        return process;
    }

    private String output(String name) throws IOException {
        return Files.readString(home.resolve(name + ".out"));
    }

    private Path stackFile() {
        return home.resolve(".dev").resolve("stack.properties");
    }

    private Map<String, String> stack() {
        return new PropertiesFile(stackFile()).read();
    }
}
