package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.dev.EmbeddedStack;
import io.github.scyllapgcdc.dev.Server;
import io.github.scyllapgcdc.dev.TestVault;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Passwords that change under load, at servers that ask for them: nothing is lost, nothing repeated, nothing restarted.
 */
class RotationFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(90);
    private static final String OLD = "0ld-pa55word";
    private static final String NEW = "n3w-pa55word";

    @TempDir
    static Path folder;

    private static EmbeddedStack scylla;
    private static PipelineFixture fixture;
    private static SecuredServers servers;

    private Map<String, String> environment;

    @BeforeAll
    static void start() throws Exception {
        scylla = EmbeddedStack.builder(Path.of("target", "password-stack"))
                .fresh(true)
                .servers(EnumSet.of(Server.SCYLLA))
                .scyllaPasswords(true)
                .build()
                .start();
        fixture = new PipelineFixture(
                "rotation", scylla.endpoints(), CqlSession.builder().withAuthCredentials("cassandra", "cassandra"));
        fixture.cql("CREATE ROLE pipeline WITH PASSWORD = '" + OLD + "' AND LOGIN = true AND SUPERUSER = true");
        fixture.cql("CREATE ROLE rotated WITH PASSWORD = '" + OLD + "' AND LOGIN = true AND SUPERUSER = true");
        servers = new SecuredServers(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        servers.close();
        fixture.close();
        scylla.close();
    }

    /** All with the old password; the secrets are looked at when a server refuses it, and hardly ever otherwise. */
    @BeforeEach
    void configure() throws Exception {
        servers.postgresPassword("rotated", OLD);
        servers.kafkaPassword(OLD);
        servers.store("scylla", "pipeline", OLD);
        servers.store("postgres", "rotated", OLD);
        servers.store("kafka", SecuredServers.KAFKA_USER, OLD);
        environment = servers.environment();
        environment.put(
                "SCYLLA_CONTACT_POINTS", "127.0.0.1:" + scylla.endpoints().scyllaPort());
        environment.put("VAULT_REFRESH_PERIOD_MS", "3600000");
    }

    @Test
    void postgresPasswordRotatedUnderLoad() throws Exception {
        TableId table = fixture.countedTable("pg");
        try (PipelineApp app = PipelineApp.start("rotate-postgres", environment);
                Writer writer = new Writer(fixture, table)) {
            // Given changes that flow
            app.deploy(table);
            awaitMore(table);

            // When the role's password is changed, and the connections there are ended
            servers.postgresPassword("rotated", NEW);
            servers.endConnections("rotated");

            // Then it is refused, and said so
            awaitDown(app, "postgres", "password authentication failed");

            // And when Vault has the new one, it goes on by itself, and each change was applied once
            servers.store("postgres", "rotated", NEW);
            assertGoesOn(app, table, writer);
        }
    }

    @Test
    void kafkaPasswordRotatedUnderLoad() throws Exception {
        TableId table = fixture.countedTable("kafka");
        try (PipelineApp app = PipelineApp.start("rotate-kafka", environment);
                Writer writer = new Writer(fixture, table)) {
            // Given changes that flow over connections that log in again every few seconds
            app.deploy(table);
            awaitMore(table);

            // When the user's password is changed
            servers.kafkaPassword(NEW);

            // Then it is refused, and said so
            awaitDown(app, "kafka", "refused the login");
            Awaitility.await("the sink's consumer is refused, too")
                    .atMost(LANDS)
                    .until(() -> app.log().contains("Kafka refused the log-in"));

            // And when Vault has the new one, it goes on by itself, and each change was published and applied once
            servers.store("kafka", "pipeline", NEW);
            assertGoesOn(app, table, writer);
        }
    }

    @Test
    void scyllaPasswordRotatedUnderLoad() throws Exception {
        servers.store("scylla", "rotated", OLD);
        TableId table = fixture.countedTable("cql");
        try (PipelineApp app = PipelineApp.start("rotate-scylla", environment)) {
            // Given changes that flow
            app.deploy(table);
            fixture.insert(table, 0, 500);
            fixture.awaitEqual(table, LANDS);

            // When the role's password is changed, and all connections are lost
            fixture.cql("ALTER ROLE rotated WITH PASSWORD = '" + NEW + "'");
            scylla.server(Server.SCYLLA).restart();
            fixture.awaitScylla();
            fixture.insert(table, 500, 1000);

            // Then it is refused, and said so
            awaitDown(app, "scylla", "");

            // And when Vault has the new one, it goes on by itself, and each change was published and applied once
            servers.store("scylla", "rotated", NEW);
            fixture.insert(table, 1000, 1500);
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, 1500);
            awaitUp(app);
            assertNothingShown(app);
        }
    }

    @Test
    void vaultAwayAndBackWhileUsersAlternate() throws Exception {
        environment.put("VAULT_REFRESH_PERIOD_MS", "1000");
        servers.postgresPassword("rotated_next", NEW);
        TableId table = fixture.countedTable("alternate");
        try (PipelineApp app = PipelineApp.start("rotate-vault", environment);
                Writer writer = new Writer(fixture, table)) {
            app.deploy(table);
            awaitMore(table);

            // When Vault is away for longer than a token lives
            servers.vault().stop();
            Awaitility.await("health says that Vault is away")
                    .atMost(LANDS)
                    .untilAsserted(() -> assertThat(secrets(app, "status")).isEqualTo("DOWN"));
            Awaitility.await("a token's life passes")
                    .pollDelay(Duration.ofSeconds(15))
                    .atMost(LANDS)
                    .untilAsserted(() -> assertThat(app.isHealthy()).isTrue());

            // Then the pipeline goes on, and the log said it once
            awaitMore(table);
            assertThat(app.log().lines().filter(line -> line.contains("the secrets cannot be read")))
                    .hasSize(1);

            // And when Vault is back with another user, that one's connections take over, without an error
            servers.store("postgres", "rotated_next", NEW);
            servers.vault().start();
            Awaitility.await("connections are the next user's").atMost(LANDS).untilAsserted(() -> {
                assertThat(servers.connections("rotated")).isZero();
                assertThat(servers.connections("rotated_next")).isPositive();
                assertThat(app.log()).contains("the secrets can be read again");
            });
            assertGoesOn(app, table, writer);
        }
    }

    private void assertGoesOn(PipelineApp app, TableId table, Writer writer) throws Exception {
        awaitUp(app);
        awaitMore(table);
        long rows = writer.stop();
        fixture.awaitSame(table, LANDS);
        fixture.assertEachOnce(table, rows);
        assertNothingShown(app);
    }

    private static void assertNothingShown(PipelineApp app) {
        for (String secret : List.of(OLD, NEW, TestVault.SECRET_ID)) {
            assertThat(app.log() + app.health()).doesNotContain(secret);
        }
    }

    private static void awaitMore(TableId table) throws Exception {
        long goal = fixture.count("SELECT count(*) FROM " + table) + 200;
        Awaitility.await("changes flow")
                .atMost(LANDS)
                .until(() -> fixture.count("SELECT count(*) FROM " + table) >= goal);
    }

    private static void awaitDown(PipelineApp app, String server, String why) {
        Awaitility.await("health says that the log-in is refused").atMost(LANDS).untilAsserted(() -> {
            assertThat(app.server(server).path("status").asText())
                    .as(app.health())
                    .isEqualTo("DOWN");
            assertThat(app.server(server).path("detail").asText()).contains(why);
        });
    }

    private static void awaitUp(PipelineApp app) {
        Awaitility.await("health is up again")
                .atMost(LANDS)
                .untilAsserted(
                        () -> assertThat(app.isHealthy()).as(app.health()).isTrue());
    }

    private static String secrets(PipelineApp app, String field) throws IOException {
        return new ObjectMapper()
                .readTree(app.health())
                .path("secrets")
                .path(field)
                .asText();
    }
}
