package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.dev.Server;
import io.github.scyllapgcdc.dev.ServerProcess;
import io.github.scyllapgcdc.dev.TcpProxy;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ScyllaDB goes away, is slow, or breaks off in the middle of an answer while its log is read. */
class ScyllaFaultIT {
    private static final Duration LANDS = Duration.ofMinutes(2);
    private static final int BACKLOG = 20_000;

    private static PipelineFixture fixture;
    private static Networks networks;

    @BeforeAll
    static void start() throws Exception {
        fixture = new PipelineFixture("scylla_faults");
        networks = new Networks(fixture.endpoints());
    }

    @AfterAll
    static void stop() throws Exception {
        networks.close();
        fixture.close();
    }

    /** Small pages and batches, so that there is always one under way. */
    private static PipelineApp start(String name) throws Exception {
        Map<String, String> environment = new HashMap<>(networks.environment());
        environment.putAll(Map.of("SOURCE_READ_PAGE_SIZE", "200", "SOURCE_BATCH_SIZE", "300"));
        return PipelineApp.start(name, environment);
    }

    @Test
    void answersThatBreakOffInTheMiddleOfAPageLoseAndRepeatNothing() throws Exception {
        // Given a table with a first change published, so that the log is followed from then on
        TableId table = fixture.countedTable("breaks_off");
        TcpProxy network = networks.scylla();
        try (PipelineApp app = start("breaks-off")) {
            app.deploy(table);
            fixture.insert(table, 0, 100);
            fixture.awaitSame(table, LANDS);

            // When a backlog is read over connections that are reset in the middle of what comes back, again and again
            int cutsBefore = network.cuts();
            fixture.insert(table, 100, BACKLOG);
            for (int i = 0; i < 10; i++) {
                int cuts = network.cuts();
                network.cutAfter(20_000 + 7_000L * i);
                Awaitility.await("cut " + i).atMost(LANDS).until(() -> network.cuts() > cuts);
            }

            // Then each change comes once
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, BACKLOG);
            assertThat(network.cuts() - cutsBefore).isEqualTo(10);
        } finally {
            network.pass();
        }
    }

    @Test
    void aSlowClusterIsReadSlowly() throws Exception {
        TableId table = fixture.countedTable("slow");
        try (PipelineApp app = start("slow");
                Writer writer = new Writer(fixture, table)) {
            app.deploy(table);
            Awaitility.await("changes flow").atMost(LANDS).until(() -> fixture.storedOffsets(table) > 500);

            // When each piece of an answer takes a fifth of a second
            networks.scylla().slow(Duration.ofMillis(200));
            long written = writer.rows();

            // Then changes still come, and nothing is given up
            Awaitility.await("changes go on")
                    .atMost(LANDS)
                    .until(() -> fixture.count("SELECT count(*) FROM " + table) >= written + 100);
            assertThat(app.route("scylla-source-slow")
                            .at("/figures/failuresInARow")
                            .asInt())
                    .as(app.health())
                    .isZero();
            networks.scylla().pass();
            long rows = writer.stop();
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, rows);
        } finally {
            networks.scylla().pass();
        }
    }

    @Test
    void aClusterThatIsKilledAndComesBackIsWaitedFor() throws Exception {
        TableId table = fixture.countedTable("killed");
        ServerProcess scylla = TestStack.get().server(Server.SCYLLA);
        try (PipelineApp app = start("scylla-killed")) {
            app.deploy(table);
            fixture.insert(table, 0, 100);
            fixture.awaitSame(table, LANDS);

            // When it is killed while its log is read
            fixture.insert(table, 100, BACKLOG);
            scylla.kill();
            try {
                Awaitility.await("health says so").atMost(LANDS).untilAsserted(() -> {
                    assertThat(app.server("scylla").path("status").asText()).isEqualTo("DOWN");
                    assertThat(app.route("scylla-source-killed").path("detail").asText())
                            .matches("trying again since .* after \\d+ failures?: .*");
                    assertThat(app.route("scylla-source-killed")
                                    .at("/figures/failingSince")
                                    .asText())
                            .isNotBlank();
                });
            } finally {
                scylla.restart();
            }
            fixture.awaitScylla();

            // Then what was acknowledged before comes, each change once, and so does what is written afterwards
            fixture.awaitSame(table, LANDS);
            fixture.insert(table, BACKLOG, BACKLOG + 100);
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, BACKLOG + 100);
        }
    }
}
