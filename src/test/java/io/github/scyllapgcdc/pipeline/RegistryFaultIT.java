package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The schema registry is away when the application starts, and when a schema is needed that it has not met yet. */
class RegistryFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(90);

    private static PipelineFixture fixture;

    @BeforeAll
    static void connect() throws Exception {
        fixture = new PipelineFixture("registry_faults");
    }

    @AfterAll
    static void disconnect() throws Exception {
        fixture.close();
    }

    @Test
    void itIsWaitedForAndNothingIsDeadLettered() throws Exception {
        TableId table = fixture.table("things", "id int PRIMARY KEY, v text");
        fixture.cql("INSERT INTO registry_faults.things (id, v) VALUES (1, 'before')");
        try (Networks networks = new Networks(fixture.endpoints());
                PipelineApp app = PipelineApp.prepare("registry", networks.environment())) {
            // Given a registry that is not there when the application starts
            app.deploy(table);
            networks.registry().refuse();
            app.restart();

            // Then it is waited for, and health and log say so
            String address = "127.0.0.1:" + networks.registry().port();
            Awaitility.await("the registry is waited for").atMost(LANDS).untilAsserted(() -> {
                assertThat(app.log()).contains("waiting for the schema registry at http://" + address);
                assertNamed(app, address);
            });
            networks.registry().pass();
            app.awaitHealthy();
            fixture.cql("INSERT INTO registry_faults.things (id, v) VALUES (2, 'now')");
            fixture.awaitSame(table, LANDS);

            // When it is away while the table gets a column
            networks.registry().refuse();
            fixture.cql("ALTER TABLE registry_faults.things ADD w int");
            fixture.cql("INSERT INTO registry_faults.things (id, v, w) VALUES (3, 'with', 3)");
            fixture.cql("INSERT INTO registry_faults.things (id, v) VALUES (4, 'without')");

            // Then the table's source waits for it, and says so
            Awaitility.await("the source waits").atMost(LANDS).untilAsserted(() -> {
                JsonNode source = app.route("scylla-source-things");
                assertThat(source.path("status").asText()).as(source.toString()).isEqualTo("DOWN");
                assertThat(source.path("detail").asText())
                        .contains("trying again since")
                        .contains(address);
                assertNamed(app, address);
            });

            // And when it is back, all is there, and nothing was put aside
            networks.registry().pass();
            fixture.awaitSame(table, LANDS);
            assertThat(app.route("scylla-source-things")
                            .at("/figures/deadLettered")
                            .asInt())
                    .isZero();
            assertThat(app.route("postgres-sink-things")
                            .at("/figures/deadLetters")
                            .asInt())
                    .isZero();
            app.awaitHealthy();
        }
    }

    private static void assertNamed(PipelineApp app, String address) throws IOException {
        JsonNode registry = app.server("registry");
        assertThat(registry.path("status").asText()).isEqualTo("DOWN");
        assertThat(registry.path("address").asText()).contains(address);
        assertThat(registry.path("detail").asText()).isNotBlank();
    }
}
