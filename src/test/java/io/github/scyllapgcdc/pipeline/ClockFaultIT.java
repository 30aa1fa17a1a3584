package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Writers whose clocks are apart, and writes that reach the log late, as far as the confidence window allows: 2 s for a write to
 * take and 1 s of skew.
 */
class ClockFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final int WRITERS = 4;
    private static final int WRITES = 1_500;
    private static final int KEYS = 40;

    private static PipelineFixture fixture;

    @BeforeAll
    static void connect() throws Exception {
        fixture = new PipelineFixture("clocks");
    }

    @AfterAll
    static void disconnect() throws Exception {
        fixture.close();
    }

    @Test
    void writersThatAreApartAndLateEndInTheOrderOfTheirTimestamps() throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("ClockFaultIT seed: -Dtest.seed=" + seed);
        TableId table = fixture.table("things", "id int PRIMARY KEY, v text, writer int");
        try (PipelineApp app = PipelineApp.start("clocks", Map.of("SOURCE_SNAPSHOT", "never"))) {
            app.deploy(table);
            app.awaitHealthy();

            // When four writers write the same rows, one by its clock, one 1 s behind, one 1 s ahead, and one whose
            // writes
            // are up to 2 s old when they reach the log
            List<CompletableFuture<Void>> writing = IntStream.range(0, WRITERS)
                    .mapToObj(
                            writer -> CompletableFuture.runAsync(() -> write(table, writer, new Random(seed + writer))))
                    .toList();
            writing.forEach(CompletableFuture::join);

            // Then each change comes once, and both sides are equal
            fixture.awaitSame(table, LANDS);
            List<String> changes = CommittedTopic.read(fixture.endpoints().kafkaBootstrap(), table.topic()).stream()
                    .map(CommittedTopic::changeId)
                    .toList();
            assertThat(changes).doesNotHaveDuplicates().hasSize(WRITERS * WRITES);
        }
    }

    private static void write(TableId table, int writer, Random random) {
        PreparedStatement write = fixture.scylla()
                .prepare("INSERT INTO " + table + " (id, v, writer) VALUES (?, ?, ?) USING TIMESTAMP ?");
        for (int i = 0; i < WRITES; i++) {
            long late = switch (writer) {
                case 0 -> 0;
                case 1 -> 1_000_000;
                case 2 -> -1_000_000;
                default -> random.nextInt(2_000_000);
            };
            // no two writers ever have the same timestamp, for which ScyllaDB would let the greater value win
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) - late;
            long timestamp = micros - micros % WRITERS + writer;
            fixture.scylla().execute(write.bind(random.nextInt(KEYS), "write " + i, writer, timestamp));
        }
    }
}
