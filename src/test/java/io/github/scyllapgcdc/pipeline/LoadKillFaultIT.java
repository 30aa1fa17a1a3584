package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The rows that a table had before: the application is killed with SIGKILL while it loads them and while they change. */
class LoadKillFaultIT {
    private static final int ROWS = 24_000;
    private static final int KILLS = 5;
    private static final int AT_ONCE = 500;

    @Test
    void killedAgainAndAgainWhileItLoadsBothSidesEndEqual() throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("LoadKillFaultIT seed: -Dtest.seed=" + seed);
        Random random = new Random(seed);
        try (PipelineFixture fixture = new PipelineFixture("loading");
                KafkaConsumer<byte[], byte[]> consumer =
                        CommittedTopic.consumer(fixture.endpoints().kafkaBootstrap())) {
            // Given a table of many rows that was never published
            TableId table = fixture.table("things", "p int, c int, a text, b int, PRIMARY KEY (p, c)");
            fill(fixture.scylla());

            // When the application, which loads in small steps, is killed while it does, and rows change all the time
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> changes =
                    CompletableFuture.runAsync(() -> change(fixture.scylla(), new Random(seed), enough));
            int cut = 0;
            try (PipelineApp app = PipelineApp.start(
                    "loading",
                    Map.of("SOURCE_SNAPSHOT", "initial", "SOURCE_BATCH_SIZE", "100", "SOURCE_READ_PAGE_SIZE", "100"))) {
                app.deploy(table);
                for (int kill = 0; kill < KILLS; kill++) {
                    long until = CommittedTopic.length(consumer, table.topic()) + 1 + random.nextInt(ROWS / 6);
                    Awaitility.await("rows reach Kafka before kill " + kill)
                            .atMost(Duration.ofSeconds(90))
                            .pollInterval(Duration.ofMillis(1 + random.nextInt(20)))
                            .until(() -> CommittedTopic.length(consumer, table.topic()) >= until);
                    app.kill();
                    if (!isLoaded(app)) {
                        cut++;
                    }
                    app.restart();
                }
                assertThat(cut).as("loads that were cut short").isPositive();

                // Then, once the load is done and nothing changes any more, both sides are equal
                Awaitility.await("the load is done")
                        .atMost(Duration.ofSeconds(90))
                        .until(() -> isLoaded(app));
                enough.set(true);
                changes.join();
                fixture.awaitEqual(table, Duration.ofSeconds(60));
            } finally {
                enough.set(true);
            }
        }
    }

    private static boolean isLoaded(PipelineApp app) {
        return app.log().lines().anyMatch(line -> line.contains("load=") && line.contains(" done: "));
    }

    private static void fill(CqlSession session) {
        PreparedStatement insert = session.prepare("INSERT INTO loading.things (p, c, a, b) VALUES (?, ?, ?, ?)");
        List<CompletionStage<?>> underWay = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            underWay.add(session.executeAsync(insert.bind(i / 10, i % 10, "before", i)));
            if (underWay.size() == AT_ONCE) {
                underWay.forEach(write -> write.toCompletableFuture().join());
                underWay.clear();
            }
        }
        underWay.forEach(write -> write.toCompletableFuture().join());
    }

    /** Inserts, updates, and deletes of rows, ranges and partitions, about everywhere in the table. */
    private static void change(CqlSession session, Random random, AtomicBoolean enough) {
        PreparedStatement insert = session.prepare("INSERT INTO loading.things (p, c, a) VALUES (?, ?, ?)");
        PreparedStatement update = session.prepare("UPDATE loading.things SET b = ? WHERE p = ? AND c = ?");
        PreparedStatement delete = session.prepare("DELETE FROM loading.things WHERE p = ? AND c = ?");
        PreparedStatement range = session.prepare("DELETE FROM loading.things WHERE p = ? AND c > ?");
        PreparedStatement partition = session.prepare("DELETE FROM loading.things WHERE p = ?");
        for (int i = 0; !enough.get(); i++) {
            int p = random.nextInt(ROWS / 10);
            int c = random.nextInt(12);
            session.execute(
                    switch (random.nextInt(10)) {
                        case 0, 1, 2 -> insert.bind(p, c, "changed " + i);
                        case 3, 4, 5 -> update.bind(i, p, c);
                        case 6, 7 -> delete.bind(p, c);
                        case 8 -> range.bind(p, c);
                        default -> partition.bind(p);
                    });
        }
    }
}
