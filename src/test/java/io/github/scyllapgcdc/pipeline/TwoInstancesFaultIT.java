package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two applications with the same route files. */
class TwoInstancesFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(30);
    /** Enough that each partition of a topic has some. */
    private static final int ROWS = 30;

    private static PipelineFixture fixture;

    @BeforeAll
    static void connect() throws Exception {
        fixture = new PipelineFixture("two_instances");
    }

    @AfterAll
    static void disconnect() throws Exception {
        fixture.close();
    }

    @Test
    void bothMakeTheSameTablesAndColumnsAtOnce() throws Exception {
        // Given two instances whose sinks share the topics' partitions; the second has no source
        List<TableId> tables = Stream.of("shared_1", "shared_2", "shared_3")
                .map(name -> fixture.table(name, "id int PRIMARY KEY, v text"))
                .toList();
        try (PipelineApp first = PipelineApp.start("first", Map.of());
                PipelineApp second = PipelineApp.start("second", Map.of("SOURCE_ENABLED", "false"))) {
            for (PipelineApp instance : List.of(first, second)) {
                for (TableId table : tables) {
                    instance.deploy(table);
                }
            }
            first.awaitHealthy();
            second.awaitHealthy();

            // When both meet the first rows of tables that are not there, and then columns that are not
            for (int i = 0; i < ROWS; i++) {
                for (TableId table : tables) {
                    fixture.cql("INSERT INTO %s (id, v) VALUES (%d, 'v')".formatted(table, i));
                }
            }
            awaitSame(tables);
            tables.forEach(table -> fixture.cql("ALTER TABLE " + table + " ADD extra int"));
            for (int i = 0; i < ROWS; i++) {
                for (TableId table : tables) {
                    fixture.cql("UPDATE %s SET extra = %d WHERE id = %d".formatted(table, i, i));
                }
            }
            awaitSame(tables);

            // Then neither has failed, and each has done its part
            for (PipelineApp instance : List.of(first, second)) {
                assertThat(instance.isHealthy()).as(instance.health()).isTrue();
                for (TableId table : tables) {
                    assertThat(instance.route("postgres-sink-" + table.name())
                                    .at("/figures/appliedRecords")
                                    .asLong())
                            .isPositive();
                }
            }
        }
    }

    @Test
    void aSourceThatAnotherInstanceStartedStopsAndStaysStopped() throws Exception {
        TableId table = fixture.table("taken", "id int PRIMARY KEY, v text");
        try (PipelineApp first = PipelineApp.start("taken-from", Map.of())) {
            first.deploy(table);
            fixture.cql("INSERT INTO two_instances.taken (id, v) VALUES (1, 'by the first')");
            fixture.awaitSame(table, LANDS);

            // When another one runs the same source
            try (PipelineApp second = PipelineApp.start("taken-by", Map.of())) {
                second.deploy(table);
                second.awaitHealthy();
                fixture.cql("INSERT INTO two_instances.taken (id, v) VALUES (2, 'by the second')");
                fixture.awaitSame(table, LANDS);

                // Then the first one's is stopped and says why, and the second goes on
                Awaitility.await().atMost(LANDS).untilAsserted(() -> {
                    assertThat(first.route("scylla-source-taken").path("state").asText())
                            .isEqualTo("Stopped");
                    assertThat(first.route("scylla-source-taken").path("detail").asText())
                            .contains("another process has started scylla-source-two_instances.taken-0");
                });
                fixture.cql("INSERT INTO two_instances.taken (id, v) VALUES (3, 'by the second')");
                fixture.awaitSame(table, LANDS);
                assertThat(second.isHealthy()).isTrue();
            }
        }
    }

    private static void awaitSame(List<TableId> tables) {
        tables.forEach(table -> fixture.awaitSame(table, LANDS));
    }
}
