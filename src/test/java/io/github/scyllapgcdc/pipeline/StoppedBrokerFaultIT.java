package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.dev.Server;
import io.github.scyllapgcdc.dev.ServerProcess;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The broker is stopped with SIGSTOP in full flow, for longer than transactions and deliveries may take. */
class StoppedBrokerFaultIT {
    private static final Duration FROZEN = Duration.ofSeconds(25);

    @Test
    void aBrokerFrozenPastEveryTimeoutMakesNothingRepeat() throws Exception {
        try (PipelineFixture fixture = new PipelineFixture("stopped")) {
            TableId table = fixture.table("things", "id bigint PRIMARY KEY, a text");
            ServerProcess kafka = TestStack.get().server(Server.KAFKA);
            try (PipelineApp app = PipelineApp.start("stopped", Map.of("SOURCE_SNAPSHOT", "never"))) {
                // Given a pipeline in full flow
                app.deploy(table);
                app.awaitHealthy();
                insert(fixture, 0, 2_000);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> !TableContents.ofPostgres(fixture.postgres(), table)
                                .isEmpty());

                // When the broker stops in the middle, until the source has given up on its transaction
                insert(fixture, 2_000, 6_000);
                kafka.pause();
                try {
                    insert(fixture, 6_000, 8_000);
                    // Kafka's own bounds do not end every wait of a producer whose broker is frozen, so the fault has a
                    // length: longer than the transaction timeout (15 s) and the delivery timeout (20 s)
                    Awaitility.await("the broker is away and the application says so")
                            .pollDelay(FROZEN)
                            .atMost(FROZEN.plusSeconds(60))
                            .until(() -> !app.isHealthy());
                } finally {
                    kafka.resume();
                }

                // Then it recovers by itself, and every change is there once
                fixture.awaitEqual(table, Duration.ofMinutes(2));
                List<String> changes = CommittedTopic.read(fixture.endpoints().kafkaBootstrap(), table.topic()).stream()
                        .map(CommittedTopic::changeId)
                        .toList();
                assertThat(changes).doesNotHaveDuplicates().hasSize(8_000);
            }
        }
    }

    private static void insert(PipelineFixture fixture, int from, int to) {
        var insert = fixture.scylla().prepare("INSERT INTO stopped.things (id, a) VALUES (?, ?)");
        IntStream.range(from, to).parallel().forEach(i -> fixture.scylla().execute(insert.bind((long) i, "v" + i)));
    }
}
