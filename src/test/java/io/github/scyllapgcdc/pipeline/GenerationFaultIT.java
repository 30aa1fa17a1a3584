package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.scyllapgcdc.dev.Server;
import io.github.scyllapgcdc.dev.ServerProcess;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The log gets new streams while it is read. The stand-in makes a new generation when it starts without the one it had, so there
 * is a pause between the last change of the old one and the first of the new one, which a ScyllaDB cluster does not have.
 */
class GenerationFaultIT {
    private static final Duration LANDS = Duration.ofMinutes(2);
    private static final Path GENERATION = TestStack.folder().resolve("scylla/cdc_generation");

    @Test
    void changesOfOldAndNewStreamsComeOnceAndInOrder() throws Exception {
        assumeTrue(Files.exists(GENERATION), "the stand-in's file; a real cluster makes generations itself");
        String before = Files.readString(GENERATION);
        try (PipelineFixture fixture = new PipelineFixture("generations")) {
            try {
                follow(fixture);
            } finally {
                restore(fixture, before);
            }
        }
    }

    private static void follow(PipelineFixture fixture) throws Exception {
        TableId table = fixture.countedTable("things");
        TableId changed = fixture.table("changed", "id int PRIMARY KEY, v int");
        try (PipelineApp app = PipelineApp.start("generations", Map.of("SOURCE_SNAPSHOT", "never"))) {
            // Given a source that still reads the backlog of a generation
            app.deploy(table);
            app.deploy(changed);
            app.awaitHealthy();
            fixture.insert(table, 0, 10_000);
            write(fixture, 1);

            // When another one follows, and one of which nobody writes anything, and one more
            newGeneration(fixture);
            fixture.insert(table, 10_000, 11_000);
            write(fixture, 2);
            newGeneration(fixture);
            newGeneration(fixture);
            fixture.insert(table, 11_000, 12_000);
            write(fixture, 3);

            // Then each change comes once, those of a row in their order
            fixture.awaitSame(table, LANDS);
            fixture.awaitSame(changed, LANDS);
            fixture.assertEachOnce(table, 12_000);

            // And so do those that are written when it has come to the last one
            fixture.insert(table, 12_000, 12_100);
            write(fixture, 4);
            fixture.awaitSame(table, LANDS);
            fixture.awaitSame(changed, LANDS);
            fixture.assertEachOnce(table, 12_100);
            Awaitility.await("health is up again")
                    .atMost(LANDS)
                    .untilAsserted(
                            () -> assertThat(app.isHealthy()).as(app.health()).isTrue());
        }
    }

    private static void write(PipelineFixture fixture, int value) {
        for (int id = 0; id < 50; id++) {
            fixture.cql("INSERT INTO generations.changed (id, v) VALUES (?, ?)", id, value);
        }
    }

    private static void newGeneration(PipelineFixture fixture) throws Exception {
        ServerProcess scylla = TestStack.get().server(Server.SCYLLA);
        scylla.stop();
        Files.delete(GENERATION);
        scylla.restart();
        fixture.awaitScylla();
    }

    /** Other tests' tables would have to come through all these generations. */
    private static void restore(PipelineFixture fixture, String generation) throws Exception {
        ServerProcess scylla = TestStack.get().server(Server.SCYLLA);
        scylla.stop();
        Files.writeString(GENERATION, generation);
        scylla.restart();
        fixture.awaitScylla();
        fixture.cql("DELETE FROM system_distributed.cdc_generation_timestamps WHERE key = 'timestamps' AND time > "
                + generation.lines().findFirst().orElseThrow());
    }
}
