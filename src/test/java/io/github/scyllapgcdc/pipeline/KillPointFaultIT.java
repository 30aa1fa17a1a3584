package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The application is killed with SIGKILL while a batch is exactly between two of its steps. */
class KillPointFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final int ROWS = 1_000;

    private static PipelineFixture fixture;

    @BeforeAll
    static void connect() throws Exception {
        fixture = new PipelineFixture("kill_points");
    }

    @AfterAll
    static void disconnect() throws Exception {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void killedThereEachChangeIsPublishedAndAppliedOnce(Hold point) throws Exception {
        // Given a table whose changes are counted, and a pipeline that holds a batch at this point
        TableId table = fixture.countedTable(point.name().toLowerCase(Locale.ROOT));
        try (PipelineApp app = PipelineApp.prepare("kill-" + table.name(), Map.of("SOURCE_SNAPSHOT", "never"))) {
            UnaryOperator<String> hold = point.lasting(Duration.ofHours(1));
            if (point.ofSource()) {
                app.deploy(table, hold);
            } else {
                app.share(Hold.SINK_FILE, hold);
                app.deploy(table);
            }
            app.restart();
            fixture.insert(table, 0, ROWS);
            Awaitility.await("a batch is held; the application's log:\n" + app.log())
                    .atMost(LANDS)
                    .until(() -> app.log().contains(point.said()));
            assertHeldThere(point, table);

            // When the process is killed, and runs again without the hold
            app.kill();
            app.share(Hold.SINK_FILE, UnaryOperator.identity());
            app.deploy(table);
            app.restart();
            fixture.insert(table, ROWS, 2 * ROWS);

            // Then nothing is missing, and nothing came twice
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, 2 * ROWS);
        }
    }

    /** The held batch is really where it is said to be. */
    private static void assertHeldThere(Hold point, TableId table) throws Exception {
        long committed = fixture.published(table, "read_committed");
        long inKafka = fixture.published(table, "read_uncommitted");
        long rows = fixture.count("SELECT count(*) FROM " + table);
        switch (point) {
            case BEFORE_PRODUCE -> assertThat(inKafka).isEqualTo(committed);
            case BEFORE_KAFKA_COMMIT -> assertThat(inKafka).isGreaterThan(committed);
            case BEFORE_TRANSACTION -> {
                assertThat(committed).isPositive();
                assertThat(openTransactions()).isZero();
                assertThat(rows).isLessThan(ROWS);
            }
            case IN_TRANSACTION -> {
                assertThat(openTransactions()).isPositive();
                assertThat(rows).isLessThan(ROWS);
            }
            case BEFORE_OFFSETS -> {
                assertThat(rows).isPositive();
                assertThat(fixture.committedOffsets(table)).isLessThan(fixture.storedOffsets(table));
            }
        }
    }

    private static long openTransactions() throws Exception {
        return fixture.count("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND "
                + "application_name = 'scylla-pg-cdc'");
    }
}
