package io.github.scyllapgcdc.source;

import static io.github.scyllapgcdc.source.SourceTables.PATIENCE;
import static io.github.scyllapgcdc.source.SourceTables.awaitCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.progress.ProgressRecord;
import io.github.scyllapgcdc.progress.ProgressTopic;
import io.github.scyllapgcdc.source.checkpoint.CheckpointJson;
import io.github.scyllapgcdc.source.checkpoint.CheckpointKey;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue;
import io.github.scyllapgcdc.source.kafka.SourceTopics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The clock of the application's machine is set back, and forward, while changes are written and published. */
class ClockStepFaultIT {
    private static final int AT_ONCE = 50;
    /** Milliseconds that the clock is wrong by, one step after the other. */
    private static final List<Long> STEPS = List.of(-5_000L, 0L, 5_000L, -5_000L, 0L);

    private static SourceTables tables;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();

    @BeforeAll
    static void connect() {
        tables = new SourceTables("clock_step_it");
    }

    @AfterAll
    static void disconnect() {
        tables.close();
    }

    @AfterEach
    void stopWriting() {
        writer.shutdownNow();
    }

    @Test
    void eachChangeComesOnceAndNoWatermarkGoesBack() throws Exception {
        // Given changes all the while, and a source that allows for no skew
        TableId table = tables.create("things", "id bigint PRIMARY KEY, v text");
        AtomicLong wrongBy = new AtomicLong();
        InstantSource clock = () -> Instant.now().plusMillis(wrongBy.get());
        AtomicInteger rows = new AtomicInteger();
        try (SourceApplication application =
                        new SourceApplication(tables.stack(), Map.of("source.max-clock-skew.ms", "0"), clock);
                Published published = new Published(tables.stack(), table.topic())) {
            String route = application.add(table, "");
            ScheduledFuture<?> writing = writer.scheduleWithFixedDelay(
                    () -> {
                        tables.insert(table, rows.get(), rows.get() + AT_ONCE);
                        rows.addAndGet(AT_ONCE);
                    },
                    0,
                    100,
                    TimeUnit.MILLISECONDS);
            awaitCount(published, 1);

            // When the clock is set, again and again
            for (long step : STEPS) {
                wrongBy.set(step);
                // Then health says by how much it is wrong, and what is written from now on arrives
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat((long)
                                        application.status(route).figures().get("clockOffsetMillis"))
                                .isBetween(-step - 500, -step + 500));
                awaitCount(published, rows.get());
            }
            assertThat(writing.isDone()).as("an insert failed").isFalse();
            writer.shutdown();
            assertThat(writer.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

            // And each change came once
            awaitCount(published, rows.get());
            assertThat(published.changeIds()).doesNotHaveDuplicates().hasSize(rows.get());
            assertThat(application.status(route).restarts()).isZero();
        }

        // And neither the source nor its readers were ever told of an earlier time than before
        assertThat(records(SourceTopics.CHECKPOINTS).stream()
                        .flatMap(found -> CheckpointJson.read(found.key(), found.value()).stream())
                        .filter(entry -> entry.key() instanceof CheckpointKey.Watermark
                                && entry.key().table().equals(table.toString()))
                        .map(entry -> ((CheckpointValue.Watermark) entry.value()).until()))
                .isSorted()
                .hasSizeGreaterThan(STEPS.size());
        assertThat(records(ProgressTopic.NAME).stream()
                        .flatMap(found -> ProgressRecord.read(found.key(), found.value()).stream())
                        .filter(entry -> entry instanceof ProgressRecord.Watermark
                                && entry.topic().equals(table.topic()))
                        .map(entry -> ((ProgressRecord.Watermark) entry).until()))
                .isSorted()
                .hasSizeGreaterThan(STEPS.size());
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (Published all = new Published(tables.stack(), topic)) {
            return all.records();
        }
    }
}
