package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.dev.Server;
import io.github.scyllapgcdc.dev.ServerProcess;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The broker is killed with SIGKILL, or stops answering, at a certain point of a transaction. */
class BrokerFaultIT {
    private static final Duration LANDS = Duration.ofMinutes(2);
    private static final Duration HELD = Duration.ofSeconds(4);
    private static final int ROWS = 2_000;
    private static final Map<String, String> NO_LOAD = Map.of("SOURCE_SNAPSHOT", "never");

    private static PipelineFixture fixture;
    private static ServerProcess kafka;

    @BeforeAll
    static void start() throws Exception {
        fixture = new PipelineFixture("broker_faults");
        kafka = TestStack.get().server(Server.KAFKA);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.close();
    }

    @Test
    void aBrokerKilledInTheMiddleOfATransactionRepeatsNothing() throws Exception {
        // Given a source that lets a while pass between what it sent and its commit
        TableId table = fixture.countedTable("killed");
        try (PipelineApp app = PipelineApp.start("broker-killed", NO_LOAD)) {
            app.deploy(table, Hold.BEFORE_KAFKA_COMMIT.lasting(HELD));
            fixture.insert(table, 0, ROWS);
            awaitHeld(app, Hold.BEFORE_KAFKA_COMMIT);

            // When the broker dies meanwhile, and comes back
            kafka.kill();
            kafka.restart();

            // Then each change is there once, whatever became of that transaction
            fixture.insert(table, ROWS, 2 * ROWS);
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, 2 * ROWS);
            awaitUp(app);
        }
    }

    @Test
    void aBrokerKilledAgainAndAgainInFullFlowRepeatsNothing() throws Exception {
        TableId table = fixture.countedTable("flow");
        try (PipelineApp app = PipelineApp.start("broker-flow", NO_LOAD);
                Writer writer = new Writer(fixture, table)) {
            app.deploy(table);
            for (int kill = 0; kill < 3; kill++) {
                long goal = fixture.count("SELECT count(*) FROM " + table) + 300;
                Awaitility.await("changes flow")
                        .atMost(LANDS)
                        .until(() -> fixture.count("SELECT count(*) FROM " + table) > goal);
                kafka.kill();
                kafka.restart();
            }
            long rows = writer.stop();
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, rows);
            awaitUp(app);
        }
    }

    @Test
    void aBatchThatTheBrokerDoesNotTakeIsSaidSoAndComesOnce() throws Exception {
        // Given a batch that is about to be produced
        TableId table = fixture.countedTable("timeouts");
        try (PipelineApp app = PipelineApp.start("broker-timeouts", NO_LOAD)) {
            app.deploy(table, Hold.BEFORE_PRODUCE.lasting(HELD));
            fixture.insert(table, 0, ROWS);
            awaitHeld(app, Hold.BEFORE_PRODUCE);

            // When the broker does not answer for longer than any delivery may take
            kafka.pause();
            try {
                // Kafka's client waits for a transaction's coordinator without end, and for a record's delivery 20 s
                Awaitility.await("health says that Kafka does not answer")
                        .atMost(LANDS)
                        .untilAsserted(() -> assertThat(app.route("scylla-source-timeouts")
                                        .path("detail")
                                        .asText())
                                .matches(".*; Kafka has not answered for \\d+ s|trying again since .*Timeout.*"));
            } finally {
                kafka.resume();
            }

            // Then it goes on by itself, and each change is there once
            app.deploy(table, UnaryOperator.identity());
            fixture.insert(table, ROWS, 2 * ROWS);
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, 2 * ROWS);
            awaitUp(app);
        }
    }

    private static void awaitHeld(PipelineApp app, Hold point) {
        Awaitility.await("a batch is held")
                .atMost(LANDS)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> app.log().contains(point.said()));
    }

    private static void awaitUp(PipelineApp app) {
        Awaitility.await("health is up again")
                .atMost(LANDS)
                .untilAsserted(
                        () -> assertThat(app.isHealthy()).as(app.health()).isTrue());
    }
}
