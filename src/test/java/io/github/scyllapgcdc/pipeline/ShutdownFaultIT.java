package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.TableId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The application is told to stop, or ended and started again and again, while changes are written. */
class ShutdownFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(90);
    private static final Map<String, String> NO_LOAD = Map.of("SOURCE_SNAPSHOT", "never");
    /** A stop in order, and what is waited for at most before the end is forced. */
    private static final Duration BOUND = Duration.ofSeconds(20);

    private static final int TERMINATED = 143;
    private static final int STARTS = 20;

    private static PipelineFixture fixture;

    @BeforeAll
    static void connect() throws Exception {
        fixture = new PipelineFixture("shutdown");
    }

    @AfterAll
    static void disconnect() throws Exception {
        fixture.close();
    }

    @Test
    void aTermSignalUnderLoadEndsItInBoundedTimeAndLeavesNothingHalfDone() throws Exception {
        TableId table = fixture.countedTable("terminated");
        try (PipelineApp app = PipelineApp.start("terminated", NO_LOAD);
                Writer writer = new Writer(fixture, table)) {
            app.deploy(table);
            for (int round = 1; round <= 3; round++) {
                // Given a pipeline in full flow
                long goal = fixture.storedOffsets(table) + 1_000;
                Awaitility.await("changes flow").atMost(LANDS).until(() -> fixture.storedOffsets(table) > goal);

                // When it is told to stop
                app.terminate();

                // Then it does, in order, and no transaction of its own is left open
                assertThat(app.awaitEnd(BOUND)).as("exit code; %s", app.log()).hasValue(0);
                assertThat(fixture.published(table, "read_uncommitted"))
                        .isEqualTo(fixture.published(table, "read_committed"));
                assertThat(fixture.count(
                                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'scylla-pg-cdc'"))
                        .isZero();
                app.restart();
            }

            // And after all that each change is there once
            long rows = writer.stop();
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, rows);
        }
    }

    @Test
    void aBatchThatCannotEndIsNotWaitedForWithoutEnd() throws Exception {
        TableId table = fixture.countedTable("stuck");
        try (PipelineApp app = PipelineApp.start("stuck", NO_LOAD);
                Connection blocker =
                        DriverManager.getConnection(fixture.endpoints().postgresJdbcUrl())) {
            app.deploy(table);
            fixture.insert(table, 0, 100);
            fixture.awaitSame(table, LANDS);
            lock(blocker, table);
            fixture.insert(table, 100, 200);
            awaitBlocked(table);

            // When it is told to stop in the middle of a statement that waits for a lock
            app.terminate();

            // Then it ends all the same
            assertThat(app.awaitEnd(BOUND)).as("exit code; %s", app.log()).isPresent();

            // And when it is started and told twice, it ends at once
            Awaitility.await("PostgreSQL notices that its client is gone")
                    .atMost(LANDS)
                    .until(() -> blocked() == 0);
            app.restart();
            awaitBlocked(table);
            app.terminate();
            assertThat(app.awaitEnd(Duration.ofSeconds(1)).isEmpty())
                    .as("it waits for its batch")
                    .isTrue();
            long asked = System.nanoTime();
            app.terminate();
            assertThat(app.awaitEnd(BOUND)).hasValue(TERMINATED);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));

            // Then nothing was lost or done twice
            blocker.rollback();
            app.restart();
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, 200);
        }
    }

    @Test
    void twentyKillsInAMinuteLoseAndRepeatNothing() throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("ShutdownFaultIT seed: -Dtest.seed=" + seed);
        Random random = new Random(seed);
        TableId table = fixture.countedTable("storm");
        try (PipelineApp app = PipelineApp.start("storm", NO_LOAD);
                Writer writer = new Writer(fixture, table)) {
            app.deploy(table);
            Awaitility.await("changes flow").atMost(LANDS).until(() -> fixture.storedOffsets(table) > 0);

            // When it is killed twenty times, most of them before or just when it has come up
            for (int start = 0; start < STARTS; start++) {
                app.kill();
                app.restart();
                TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(4_000)); // the fault itself: how long it lives
            }

            // Then it comes up by itself, and each change is there once
            long rows = writer.stop();
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, rows);
            assertThat(app.isHealthy()).as(app.health()).isTrue();
        }
    }

    private static void lock(Connection blocker, TableId table) throws Exception {
        blocker.setAutoCommit(false);
        try (Statement statement = blocker.createStatement()) {
            statement.execute("LOCK TABLE " + table);
        }
    }

    private static void awaitBlocked(TableId table) {
        Awaitility.await("the sink waits for a lock of " + table).atMost(LANDS).until(() -> blocked() > 0);
    }

    /** Statements of the application that wait for a lock. */
    private static long blocked() throws SQLException {
        return fixture.count("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'scylla-pg-cdc' AND "
                + "wait_event_type = 'Lock'");
    }
}
