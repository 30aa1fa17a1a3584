package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two instances share a topic's partitions. One is frozen with a batch in its hands, for so long that the other takes over what
 * it had, and wakes up again.
 */
class ZombieFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final int ROWS = 2_000;
    /** Shorter than a transaction may lie idle, so that only the freeze makes it too long. */
    private static final Duration HELD = Duration.ofSeconds(3);

    private static final String MAX_POLL_INTERVAL_MS = "10000";

    private static PipelineFixture fixture;

    @BeforeAll
    static void connect() throws Exception {
        fixture = new PipelineFixture("zombies");
    }

    @AfterAll
    static void disconnect() throws Exception {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_TRANSACTION", "IN_TRANSACTION", "BEFORE_OFFSETS"})
    void whatItHadIsAppliedByTheOtherAndItChangesNothingWhenItWakes(Hold point) throws Exception {
        TableId table = fixture.countedTable(point.name().toLowerCase(Locale.ROOT));
        Map<String, String> source =
                Map.of("SOURCE_SNAPSHOT", "never", "SINK_MAX_POLL_INTERVAL_MS", MAX_POLL_INTERVAL_MS);
        Map<String, String> sinkOnly = Map.of(
                "SOURCE_ENABLED",
                "false",
                "SINK_MAX_POLL_INTERVAL_MS",
                MAX_POLL_INTERVAL_MS,
                "POSTGRES_URL",
                fixture.endpoints().postgresUrl() + "?ApplicationName=zombie");
        try (PipelineApp healthy = PipelineApp.start("healthy-" + table.name(), source);
                PipelineApp zombie = PipelineApp.prepare("zombie-" + table.name(), sinkOnly)) {
            // Given two instances that both have partitions
            healthy.deploy(table);
            fixture.insert(table, 0, 1);
            fixture.awaitSame(table, LANDS);
            zombie.deploy(table);
            zombie.share(Hold.SINK_FILE, point.lasting(HELD));
            zombie.restart();
            awaitPartitions(zombie, table, "applies [12] partitions");

            // When one of them is frozen with a batch in its hands
            fixture.insert(table, 1, ROWS);
            Awaitility.await("the zombie holds a batch")
                    .atMost(LANDS)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> zombie.log().contains(point.said()));
            zombie.freeze();
            long open = fixture.count("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'zombie' AND "
                    + "state = 'idle in transaction'");
            assertThat(open).as("open transactions of the zombie").isEqualTo(point == Hold.IN_TRANSACTION ? 1 : 0);

            // Then the other one takes over and finishes
            fixture.awaitSame(table, LANDS);
            awaitPartitions(healthy, table, "applies 3 partitions");
            fixture.insert(table, ROWS, 2 * ROWS);
            fixture.awaitSame(table, LANDS);

            // And the zombie, once awake, changes nothing, is given partitions anew, and goes back to work
            long assignments = assignments(zombie);
            zombie.thaw();
            Awaitility.await("it reads from stored offsets")
                    .atMost(LANDS)
                    .until(() -> assignments(zombie) > assignments);
            awaitPartitions(zombie, table, "applies [12] partitions");
            fixture.insert(table, 2 * ROWS, 3 * ROWS);
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, 3 * ROWS);
        }
    }

    private static long assignments(PipelineApp app) {
        return app.log()
                .lines()
                .filter(line -> line.contains("Reading from stored offset"))
                .count();
    }

    private static void awaitPartitions(PipelineApp app, TableId table, String detail) {
        Awaitility.await(detail).atMost(LANDS).ignoreExceptions().untilAsserted(() -> {
            var route = app.route("postgres-sink-" + table.name());
            assertThat(route.path("detail").asText()).matches(detail);
        });
    }
}
