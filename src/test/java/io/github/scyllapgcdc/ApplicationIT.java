package io.github.scyllapgcdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application as a process: how it starts, refuses, waits and ends. */
class ApplicationIT {
    private static final Duration START = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new TreeMap<>();
    private Process process;

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void aWrongValueIsOneLineAndCodeTwo() throws Exception {
        environment.put("SINK_BATCH_SIZE", "0");

        assertThat(exitCode()).isEqualTo(2);

        assertThat(log()).isEqualTo("scylla-pg-cdc: sink.batch.size=0 is refused: expected 1 to 100000 changes\n");
    }

    @Test
    void anUnknownLogFormatIsOneLineAndCodeTwo() throws Exception {
        environment.put("LOG_FORMAT", "xml");

        assertThat(exitCode()).isEqualTo(2);

        assertThat(log()).isEqualTo("scylla-pg-cdc: log.format=xml is refused: expected text or json\n");
    }

    @Test
    void aFolderWithoutPropertiesIsOneLineAndCodeTwo() throws Exception {
        start(folder);

        assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(log()).startsWith("scylla-pg-cdc: no application.properties").hasLineCount(1);
    }

    @Test
    void jolokiaWithoutALoginIsOneLineAndCodeTwo() throws Exception {
        environment.put("CAMEL_MANAGEMENT_JOLOKIAENABLED", "true");
        environment.put("MANAGEMENT_USERNAME", "operator");
        for (String server : List.of("SCYLLA", "POSTGRES")) {
            environment.put(server + "_USERNAME", "");
        }

        assertThat(exitCode()).isEqualTo(2);

        assertThat(log().lines().filter(line -> line.startsWith("scylla-pg-cdc: ")))
                .singleElement()
                .asString()
                .contains("camel.management.jolokiaEnabled=true", "management.username and management.password");
    }

    @Test
    void aWrongPasswordIsOneLineAndCodeTwo() throws Exception {
        StackEndpoints stack = TestStack.get().endpoints();
        environment.putAll(stack.environment());
        environment.put("POSTGRES_USERNAME", stack.postgresUser());
        environment.put("POSTGRES_PASSWORD", "wr0ng");

        assertThat(exitCode()).isEqualTo(2);

        List<String> said =
                log().lines().filter(line -> line.startsWith("scylla-pg-cdc: ")).toList();
        assertThat(said).hasSize(1);
        assertThat(said.get(0))
                .contains("PostgreSQL at ", "refused user '" + stack.postgresUser() + "'", "postgres.password")
                .doesNotContain("wr0ng");
        assertThat(log()).doesNotContain("\tat ").doesNotContain("wr0ng");
    }

    @Test
    void aVaultThatStaysAwayIsOneLineAndCodeTwo() throws Exception {
        environment.put("CAMEL_VAULT_HASHICORP_PORT", "1");
        environment.put("VAULT_TOKEN", "t0ken-of-nobody");
        environment.put("VAULT_START_TIMEOUT_MS", "2000");

        assertThat(exitCode()).isEqualTo(2);

        assertThat(log().lines().filter(line -> line.contains("waiting for Vault at http://127.0.0.1:1")))
                .hasSize(1);
        assertThat(log().lines().filter(line -> line.startsWith("scylla-pg-cdc: ")))
                .hasSize(1)
                .allSatisfy(line -> assertThat(line)
                        .contains(
                                "Vault at http://127.0.0.1:1 ",
                                "secret cdc/",
                                "within 2000 ms (vault.start-timeout.ms)"));
        assertThat(log()).doesNotContain("\tat ").doesNotContain("t0ken-of-nobody");
    }

    @Test
    void serversThatAreDownAreWaitedForVisiblyAndATermSignalEndsIt() throws Exception {
        for (String server : List.of("SCYLLA", "POSTGRES")) {
            environment.put(server + "_USERNAME", "");
            environment.put(server + "_PASSWORD", "");
        }
        environment.put("SCYLLA_CONTACT_POINTS", "127.0.0.1:1");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
        environment.put("SCHEMA_REGISTRY_URL", "http://127.0.0.1:1");
        environment.put("POSTGRES_URL", "jdbc:postgresql://127.0.0.1:1/x");
        start(Path.of("").toAbsolutePath());
        // Then
        await().atMost(START)
                .untilAsserted(() -> assertThat(log())
                        .contains(
                                "waiting for ScyllaDB at 127.0.0.1:1 (scylla.contact-points): Connection refused, 0 s",
                                "waiting for Kafka at 127.0.0.1:1 (kafka.bootstrap.servers): Connection refused, 0 s",
                                "waiting for the schema registry at http://127.0.0.1:1 (schema.registry.url): ",
                                "waiting for PostgreSQL at 127.0.0.1:1/x (postgres.url): "));
        // When
        process.destroy();
        // Then
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(log()).doesNotContain("\tat ");
    }

    private int exitCode() throws IOException, InterruptedException {
        start(Path.of("").toAbsolutePath());
        assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS))
                .as("ended within %s", START)
                .isTrue();
        return process.exitValue();
    }

    private void start(Path workingDirectory) throws IOException {
        Path jar = Path.of("target", "scylla-pg-cdc.jar").toAbsolutePath();
        List<String> command = new ArrayList<>(
                List.of(System.getProperty("java.home") + "/bin/java", "-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-jar", jar.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("app.log").toFile());
        builder.environment().putAll(environment);
        builder.environment().put("CAMEL_SERVER_PORT", String.valueOf(TestPorts.free()));
        builder.environment().put("CAMEL_MANAGEMENT_PORT", String.valueOf(TestPorts.free()));
        builder.environment()
                .put("ROUTES_TABLES_DIRECTORY", folder.resolve("tables").toString());
        process = builder.start();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("app.log"));
    }
}
