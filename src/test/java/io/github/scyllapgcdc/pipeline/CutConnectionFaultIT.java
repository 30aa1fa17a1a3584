package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.scyllapgcdc.dev.Server;
import io.github.scyllapgcdc.dev.ServerProcess;
import io.github.scyllapgcdc.dev.TcpProxy;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The network to one of the four servers fails while changes flow: it goes silent, or connections are reset. */
class CutConnectionFaultIT {
    private static final Duration LANDS = Duration.ofMinutes(2);
    private static final int CUTS = 10;

    private static PipelineFixture fixture;
    private static Networks networks;
    private static PipelineApp app;

    @BeforeAll
    static void start() throws Exception {
        fixture = new PipelineFixture("cut_connections");
        networks = new Networks(fixture.endpoints());
        Map<String, String> environment = new HashMap<>(networks.environment());
        // what bounds the sink's wait for a silent Postgres: five eighths of it
        environment.put("SINK_MAX_POLL_INTERVAL_MS", "20000");
        app = PipelineApp.start("cut-connections", environment);
        app.awaitHealthy();
    }

    @AfterAll
    static void stop() throws Exception {
        app.close();
        networks.close();
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SCYLLA", "POSTGRES", "REGISTRY", "KAFKA"})
    void aServerThatGoesSilentIsNamedAndWaitedFor(Server server) throws Exception {
        TableId table = fixture.countedTable("silent_" + id(server));
        app.deploy(table);
        try (Writer writer = new Writer(fixture, table)) {
            awaitFlow(table, writer);

            // When connections stay open and no byte comes through any more
            silence(server);
            try {
                // Then health says which server it is, and, where one needs it now, which route waits
                Awaitility.await("health names " + server).atMost(LANDS).untilAsserted(() -> {
                    JsonNode entry = app.server(id(server));
                    assertThat(entry.path("status").asText()).as(app.health()).isEqualTo("DOWN");
                    assertThat(entry.path("address").asText()).contains(port(server));
                    assertThat(entry.path("detail").asText()).isNotBlank();
                });
                String waiting = server == Server.POSTGRES ? "postgres-sink-" : "scylla-source-";
                if (server != Server.REGISTRY) {
                    Awaitility.await(waiting + table.name() + " is down")
                            .atMost(LANDS)
                            .untilAsserted(() -> assertThat(app.route(waiting + table.name())
                                            .path("status")
                                            .asText())
                                    .isEqualTo("DOWN"));
                }
            } finally {
                heal(server);
            }

            // And it recovers by itself, with each change once
            awaitUp();
            long rows = writer.stop();
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, rows);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SCYLLA", "POSTGRES", "REGISTRY"})
    void connectionsThatAreResetAgainAndAgainRepeatNothing(Server server) throws Exception {
        TableId table = fixture.countedTable("reset_" + id(server));
        app.deploy(table);
        try (Writer writer = new Writer(fixture, table)) {
            awaitFlow(table, writer);

            // When connections are reset ten times, and then refused for a while
            for (int i = 0; i < CUTS; i++) {
                long before = writer.rows();
                network(server).cut();
                Awaitility.await().atMost(LANDS).until(() -> writer.rows() > before);
            }
            network(server).refuse();
            try {
                Awaitility.await("health names " + server)
                        .atMost(LANDS)
                        .untilAsserted(() -> assertThat(
                                        app.server(id(server)).path("detail").asText())
                                .contains("onnection refused"));
            } finally {
                heal(server);
            }

            // Then it recovers by itself, with each change once
            awaitUp();
            long rows = writer.stop();
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, rows);
        }
    }

    private static void awaitFlow(TableId table, Writer writer) {
        Awaitility.await("changes flow")
                .atMost(LANDS)
                .until(() -> writer.rows() > 500 && fixture.storedOffsets(table) > 300);
    }

    private static void awaitUp() {
        Awaitility.await("health is up again")
                .atMost(LANDS)
                .untilAsserted(
                        () -> assertThat(app.isHealthy()).as(app.health()).isTrue());
    }

    private static String id(Server server) {
        return server.name().toLowerCase(Locale.ROOT);
    }

    private static TcpProxy network(Server server) {
        return switch (server) {
            case SCYLLA -> networks.scylla();
            case POSTGRES -> networks.postgres();
            case REGISTRY -> networks.registry();
            default -> throw new IllegalArgumentException("no network to " + server);
        };
    }

    private static ServerProcess kafka() {
        return TestStack.get().server(Server.KAFKA);
    }

    private static String port(Server server) {
        return ":" + (server == Server.KAFKA ? kafka().port() : network(server).port());
    }

    private static void silence(Server server) {
        if (server == Server.KAFKA) {
            kafka().pause();
        } else {
            network(server).freeze();
        }
    }

    private static void heal(Server server) throws Exception {
        if (server == Server.KAFKA) {
            kafka().resume();
        } else {
            network(server).pass();
        }
    }
}
