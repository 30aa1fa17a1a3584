package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Exactly once, whatever dies: the application is killed with SIGKILL again and again while changes are written. */
class KillIT {
    private static final int KILLS = 10;
    private static final int CHANGES_PER_ROUND = 2_000;
    private static final int WRITERS = 4;
    private static final int KEYS_PER_WRITER = 300;

    @Test
    void killedTenTimesWhileTwentyThousandChangesAreWrittenNothingIsLostOrRepeated() throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("KillIT seed: -Dtest.seed=" + seed);
        Random random = new Random(seed);
        try (PipelineFixture fixture = new PipelineFixture("killing");
                KafkaConsumer<byte[], byte[]> consumer =
                        CommittedTopic.consumer(fixture.endpoints().kafkaBootstrap())) {
            // Given a table that is being replicated
            TableId table = fixture.table("things", "id bigint PRIMARY KEY, a text, b int");
            ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
            try (PipelineApp app = PipelineApp.start("killing", Map.of("SOURCE_SNAPSHOT", "never"))) {
                app.deploy(table);

                // When the application is killed at a random point of each of ten rounds of writes: now when so many
                // changes are in Kafka, now when so many are in Postgres
                for (int round = 0; round < KILLS; round++) {
                    List<CompletableFuture<Void>> writes = write(fixture.scylla(), writers, seed + round, round);
                    long until = (long) round * CHANGES_PER_ROUND + 1 + random.nextInt(CHANGES_PER_ROUND - 200);
                    boolean inPostgres = round % 2 == 1;
                    Awaitility.await("changes reach " + (inPostgres ? "Postgres" : "Kafka") + " in round " + round)
                            .atMost(Duration.ofSeconds(90))
                            .pollInterval(Duration.ofMillis(1 + random.nextInt(20)))
                            .until(() -> until
                                    <= (inPostgres
                                            ? applied(fixture.postgres(), table)
                                            : CommittedTopic.length(consumer, table.topic())));
                    app.kill();
                    writes.forEach(CompletableFuture::join);
                    app.restart();
                }

                // Then both sides end equal
                fixture.awaitEqual(table, Duration.ofSeconds(60));
            } finally {
                writers.shutdownNow();
            }

            // And the topic holds each change once
            List<String> changes = CommittedTopic.read(fixture.endpoints().kafkaBootstrap(), table.topic()).stream()
                    .map(CommittedTopic::changeId)
                    .toList();
            assertThat(changes).doesNotHaveDuplicates().hasSize(KILLS * CHANGES_PER_ROUND);
        }
    }

    /** How far the sink is in the topic, summed over its partitions. */
    private static long applied(Connection postgres, TableId table) throws SQLException {
        try (PreparedStatement offsets = postgres.prepareStatement(
                "SELECT coalesce(sum(next_offset), 0) FROM cdc_metadata.sink_offsets WHERE topic = ?")) {
            offsets.setString(1, table.topic());
            try (ResultSet sum = offsets.executeQuery()) {
                sum.next();
                return sum.getLong(1);
            }
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) { // the sink has not made its tables yet
                return 0;
            }
            throw e;
        }
    }

    /** Each writer has keys of its own and writes one after the other, so each statement is one row of the log. */
    private static List<CompletableFuture<Void>> write(
            CqlSession session, ExecutorService writers, long seed, int round) {
        var insert = session.prepare("INSERT INTO killing.things (id, a, b) VALUES (?, ?, ?)");
        var updateA = session.prepare("UPDATE killing.things SET a = ? WHERE id = ?");
        var updateB = session.prepare("UPDATE killing.things SET b = ? WHERE id = ?");
        var delete = session.prepare("DELETE FROM killing.things WHERE id = ?");
        return IntStream.range(0, WRITERS)
                .mapToObj(writer -> CompletableFuture.runAsync(
                        () -> {
                            Random random = new Random(seed * 31 + writer);
                            for (int i = 0; i < CHANGES_PER_ROUND / WRITERS; i++) {
                                long id = (long) writer * KEYS_PER_WRITER + random.nextInt(KEYS_PER_WRITER);
                                String text = "r" + round + "w" + writer + "i" + i;
                                session.execute(
                                        switch (random.nextInt(4)) {
                                            case 0 -> insert.bind(id, text, i);
                                            case 1 -> updateA.bind(text, id);
                                            case 2 -> updateB.bind(i, id);
                                            default -> delete.bind(id);
                                        });
                            }
                        },
                        writers))
                .toList();
    }
}
