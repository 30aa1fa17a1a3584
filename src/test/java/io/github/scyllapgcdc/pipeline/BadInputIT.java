package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person reads who got something wrong in Vault or in a table: one line with the thing and the remedy. {@code ApplicationIT}
 * has wrong properties, passwords and servers that are down.
 */
class BadInputIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path home;

    @Test
    void aSecretThatVaultLacksIsNamed() throws Exception {
        Outcome outcome = run(Map.of("POSTGRES_PASSWORD", "{{hashicorp:cdc:postgres#passwort}}"));
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.errors()).hasLineCount(1).contains("postgres").contains("passwort");
    }

    @Test
    void aTableThatIsUnknownOrHasNoLogIsNamedWithTheRemedy() throws Exception {
        try (PipelineFixture fixture = new PipelineFixture("badinput");
                PipelineApp app = PipelineApp.start("badinput", Map.of())) {
            // Given a table without CDC, and one that does not exist
            fixture.cql("CREATE TABLE badinput.silent (id bigint PRIMARY KEY, v text)");

            // When both are deployed
            app.deploy(new TableId("badinput", "silent"));
            app.deploy(new TableId("badinput", "missing"));

            // Then the log says which is wrong and what to do, and health is not good
            Awaitility.await().atMost(SOON).untilAsserted(() -> {
                assertThat(app.log()).contains("badinput.missing").contains("ALTER TABLE badinput.silent");
                assertThat(app.isHealthy()).isFalse();
            });
            assertThat(app.log()).doesNotContain("\tat ");
        }
    }

    private record Outcome(int code, String errors) {}

    /** Runs the application as a user does and waits until it ends by itself. */
    private Outcome run(Map<String, String> environment) throws IOException, InterruptedException {
        Files.copy(Path.of("application.properties"), home.resolve("application.properties"));
        Files.createDirectories(home.resolve("routes/tables"));
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        Path.of("target", "scylla-pg-cdc.jar").toAbsolutePath().toString())
                .directory(home.toFile())
                .redirectOutput(home.resolve("out").toFile())
                .redirectError(home.resolve("err").toFile());
        command.environment().putAll(TestStack.get().endpoints().environment());
        command.environment().put("CAMEL_SERVER_PORT", "0");
        command.environment().put("CAMEL_MANAGEMENT_PORT", "0");
        command.environment().putAll(environment);
        Process process = command.start();
        try {
            assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS))
                    .as("ends by itself")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), Files.readString(home.resolve("err")));
    }
}
