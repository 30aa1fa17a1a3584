package io.github.scyllapgcdc.source;

import static io.github.scyllapgcdc.source.SourceTables.PATIENCE;
import static io.github.scyllapgcdc.source.SourceTables.awaitCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.dev.Server;
import io.github.scyllapgcdc.dev.ServerProcess;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.progress.ProgressReader;
import io.github.scyllapgcdc.progress.ProgressRecord;
import io.github.scyllapgcdc.source.SourceStatus.State;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The source when things stop, fail and change around it: each change is in Kafka once, or the table stops and says why. */
class ScyllaCdcSourceFaultIT {
    private static final String COLUMNS = "id bigint PRIMARY KEY, v text";
    /** application.properties has 15 s. */
    private static final Duration PAST_TRANSACTION_TIMEOUT = Duration.ofSeconds(20);

    private static SourceTables tables;

    @BeforeAll
    static void connect() {
        tables = new SourceTables("source_fault_it");
    }

    @AfterAll
    static void disconnect() {
        tables.close();
    }

    private static void assertEachOnce(Published published, int count) {
        awaitCount(published, count);
        assertThat(published.changeIds()).doesNotHaveDuplicates().hasSize(count);
    }

    @Test
    void restartsInTheMiddleLoseAndRepeatNothing() throws Exception {
        // Given
        TableId table = tables.create("restarts", COLUMNS);
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger rows = new AtomicInteger();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                tables.insert(table, rows.get(), rows.get() + 50);
                rows.addAndGet(50);
            }
        });
        try (Published published = new Published(tables.stack(), table.topic())) {
            // When
            for (int i = 0; i < 4; i++) {
                try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                    int before = published.count();
                    application.add(table, "batchSize: 100, pageSize: 70");
                    awaitCount(published, before + 1);
                }
            }
            enough.set(true);
            writing.get(2, TimeUnit.MINUTES);
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                application.add(table, "");

                // Then
                assertEachOnce(published, rows.get());
            }
        }
    }

    @Test
    void aBrokerThatHangsPastTheTransactionTimeoutMakesNothingRepeat() throws Exception {
        // Given
        TableId table = tables.create("hangs", COLUMNS);
        int rows = 20_000;
        ServerProcess kafka = TestStack.get().server(Server.KAFKA);
        try (SourceApplication application = new SourceApplication(tables.stack(), Map.of());
                Published published = new Published(tables.stack(), table.topic())) {
            String route = application.add(table, "batchSize: 200, pageSize: 100");
            tables.insert(table, 0, 100);
            awaitCount(published, 1);

            // When
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> tables.insert(table, 100, rows));
            awaitCount(published, 1000);
            kafka.pause();
            try {
                long paused = System.nanoTime();
                writing.get(2, TimeUnit.MINUTES);
                await().atMost(PATIENCE).until(() -> System.nanoTime() - paused > PAST_TRANSACTION_TIMEOUT.toNanos());
            } finally {
                kafka.resume();
            }

            // Then
            assertEachOnce(published, rows);
            await().atMost(PATIENCE).until(() -> application.status(route).up());
        }
    }

    @Test
    void aCommitWhoseOutcomeIsUnknownRepeatsNothing() throws Exception {
        // Given a broker that freezes when a batch has been sent and its commit is next
        TableId table = tables.create("uncommitted", COLUMNS);
        int rows = 5_000;
        ServerProcess kafka = TestStack.get().server(Server.KAFKA);
        AtomicBoolean armed = new AtomicBoolean();
        try (SourceApplication application = new SourceApplication(tables.stack(), Map.of());
                Published published = new Published(tables.stack(), table.topic())) {
            String route = application.add(table, "batchSize: 200, pageSize: 100", exchange -> {
                if (armed.compareAndSet(true, false)) {
                    kafka.pause();
                }
            });
            tables.insert(table, 0, 100);
            awaitCount(published, 100);
            try {
                // When the commit times out
                armed.set(true);
                tables.insert(table, 100, rows);
                await().atMost(PATIENCE)
                        .until(() -> application.status(route).detail(), detail -> detail.contains("Timeout"));
            } finally {
                kafka.resume();
            }

            // Then every change is there once, whether the broker had taken the commit or not
            assertThat(armed).isFalse();
            assertEachOnce(published, rows);
            await().atMost(PATIENCE).until(() -> application.status(route).up());
        }
    }

    @Test
    void ofTwoProcessesThatRunOneTaskTheOlderStopsForGoodAndSaysSo() throws Exception {
        // Given
        TableId table = tables.create("fenced", COLUMNS);
        try (SourceApplication first = new SourceApplication(tables.stack(), Map.of());
                SourceApplication second = new SourceApplication(tables.stack(), Map.of());
                Published published = new Published(tables.stack(), table.topic())) {
            String route = first.add(table, "");
            tables.insert(table, 0, 500);
            awaitCount(published, 500);

            // When
            second.add(table, "");

            // Then
            await().atMost(PATIENCE).until(() -> first.status(route).state() == State.FENCED);
            assertThat(first.status(route).detail())
                    .contains("another process has started scylla-source-source_fault_it.fenced-0");
            tables.insert(table, 500, 1000);
            assertEachOnce(published, 1000);
            await().atMost(PATIENCE)
                    .until(() -> first.context()
                            .getRouteController()
                            .getRouteStatus(route)
                            .isStopped());
            assertThat(second.status(route).state()).isEqualTo(State.RUNNING);
        }
    }

    @Test
    void twoTasksShareTheStreamsAndTheirNumberCanBeChanged() throws Exception {
        // Given
        TableId table = tables.create("shared", COLUMNS);
        try (Published published = new Published(tables.stack(), table.topic())) {
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                String zero = application.addTask(table, 0, 2);
                await().atMost(PATIENCE)
                        .until(() -> application.status(zero).detail().contains("waiting for all 2 tasks"));
                String one = application.addTask(table, 1, 2);
                tables.insert(table, 0, 2000);
                assertEachOnce(published, 2000);
                assertThat(application.status(zero).changes()).isBetween(1L, 1999L);
                assertThat(application.status(one).changes())
                        .isEqualTo(2000 - application.status(zero).changes());

                // When
                try (SourceApplication alone = new SourceApplication(tables.stack(), Map.of())) {
                    String only = alone.addTask(table, 0, 1);
                    await().atMost(PATIENCE).until(() -> alone.status(only).up());
                    tables.insert(table, 2000, 4000);

                    // Then
                    assertEachOnce(published, 4000);
                    assertThat(alone.status(only).changes()).isEqualTo(2000);
                }
            }
            try (SourceApplication three = new SourceApplication(tables.stack(), Map.of())) {
                for (int task = 0; task < 3; task++) {
                    three.addTask(table, task, 3);
                }
                tables.insert(table, 4000, 5000);
                assertEachOnce(published, 5000);
            }
        }
    }

    @Test
    void aTopicWithAnotherNumberOfPartitionsStopsItsTable() throws Exception {
        // Given
        TableId table = tables.create("repartitioned", COLUMNS);
        Properties kafka = new Properties();
        kafka.put("bootstrap.servers", tables.stack().kafkaBootstrap());
        try (Admin admin = Admin.create(kafka);
                Published published = new Published(tables.stack(), table.topic())) {
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                application.add(table, "");
                tables.insert(table, 0, 10);
                awaitCount(published, 10);
            }

            // When
            admin.createPartitions(Map.of(table.topic(), NewPartitions.increaseTo(5)))
                    .all()
                    .get();
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                String route = application.add(table, "");

                // Then
                await().atMost(PATIENCE).until(() -> application.status(route).state() == State.BLOCKED);
                assertThat(application.status(route).reason())
                        .contains("had 3 partitions and now has 5")
                        .contains("onLoss=CONTINUE");
            }
        }
    }

    @Test
    void aLogWhoseTimeToLivePassedStopsItsTableUnlessToldToGoOn() throws Exception {
        // Given
        TableId table = tables.create("expired", COLUMNS);
        try (Published published = new Published(tables.stack(), table.topic())) {
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                application.add(table, "");
                tables.insert(table, 0, 10);
                awaitCount(published, 10);
            }
            tables.execute("ALTER TABLE " + table + " WITH cdc = {'enabled': true, 'ttl': 1}");

            // When
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                String route = application.add(table, "");

                // Then
                await().atMost(PATIENCE).until(() -> application.status(route).state() == State.BLOCKED);
                assertThat(application.status(route).reason())
                        .contains("keeps changes for 1 s")
                        .contains("Load the table again");
            }

            // When
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                String route = application.add(table, "onLoss: CONTINUE");
                await().atMost(PATIENCE).until(() -> application.status(route).up());
                tables.execute("ALTER TABLE " + table + " WITH cdc = {'enabled': true}");
                tables.insert(table, 10, 20);

                // Then
                assertEachOnce(published, 20);
            }
        }
    }

    @Test
    void aLoadThatIsCutShortLoadsOnlyGroupsThatWereNotDone() throws Exception {
        // Given
        TableId table = tables.create("load_cut_short", COLUMNS);
        int rows = 20_000;
        tables.insert(table, 0, rows);
        String slow = "snapshot: initial, batchSize: 100, pageSize: 25";
        try (Published published = new Published(tables.stack(), table.topic())) {
            // When
            for (int i = 0; i < 3; i++) {
                try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                    int before = published.count();
                    application.add(table, slow);
                    awaitCount(published, before + 3_000);
                }
            }
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                String route = application.add(table, slow);
                await().atMost(PATIENCE)
                        .until(() -> application.status(route).load().isEmpty()
                                && application.status(route).lagMillis().isPresent());

                // Then
                Map<String, Set<String>> attempts = new HashMap<>();
                Set<String> loads = new HashSet<>();
                for (String id : published.changeIds()) {
                    List<String> parts = Arrays.asList(id.split(":"));
                    loads.add(parts.get(0));
                    attempts.computeIfAbsent(parts.get(1), group -> new HashSet<>())
                            .add(parts.get(2));
                }
                assertThat(loads).as("one load, taken up again").hasSize(1);
                assertThat(attempts).hasSize(4);
                int extra = attempts.values().stream().mapToInt(Set::size).sum() - attempts.size();
                assertThat(extra).as("groups under way when it was cut short").isBetween(1, 3);
                assertThat(published.changeIds()).doesNotHaveDuplicates();
                assertThat(published.events().stream()
                                .map(e -> (Long) e.key()[0])
                                .collect(Collectors.toSet()))
                        .hasSize(rows);
            }
        }
    }

    @Test
    void aTableWhoseLogWasLostIsLoadedAgain() throws Exception {
        // Given
        TableId table = tables.create("reloaded", COLUMNS, "{'enabled': true, 'ttl': 12}");
        Properties kafka = new Properties();
        kafka.put("bootstrap.servers", tables.stack().kafkaBootstrap());
        try (Published published = new Published(tables.stack(), table.topic());
                ProgressReader progress = new ProgressReader(kafka)) {
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                application.add(table, "onLoss: RELOAD");
                tables.insert(table, 0, 10);
                awaitCount(published, 10);
            }

            // When
            tables.execute("DELETE FROM " + table + " WHERE id = 3");
            tables.insert(table, 10, 12);
            long lost = System.nanoTime() + Duration.ofSeconds(13).toNanos();
            await().atMost(PATIENCE).until(() -> System.nanoTime() > lost);
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of())) {
                application.add(table, "onLoss: RELOAD");

                // Then
                awaitCount(published, 21);
                assertThat(published.events().subList(10, 21).stream()
                                .filter(e -> e.op() == Operation.READ)
                                .map(e -> (Long) e.key()[0]))
                        .doesNotContain(3L);
                await().atMost(PATIENCE).until(() -> {
                    progress.poll();
                    return progress.table(table.topic()).stream()
                            .flatMap(t -> t.loads().stream())
                            .anyMatch(load -> load.reload() && load.state() == ProgressRecord.Load.State.DONE);
                });
                tables.insert(table, 12, 13);
                awaitCount(published, 22);
            }
        }
    }

    @Test
    void aTopicThatWasDeletedIsFilledAgain() throws Exception {
        // Given
        TableId table = tables.create("refilled", COLUMNS);
        Properties kafka = new Properties();
        kafka.put("bootstrap.servers", tables.stack().kafkaBootstrap());
        try (Admin admin = Admin.create(kafka)) {
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of());
                    Published published = new Published(tables.stack(), table.topic())) {
                application.add(table, "onLoss: RELOAD");
                tables.insert(table, 0, 10);
                awaitCount(published, 10);
            }

            // When
            admin.deleteTopics(List.of(table.topic())).all().get();
            try (SourceApplication application = new SourceApplication(tables.stack(), Map.of());
                    Published published = new Published(tables.stack(), table.topic())) {
                application.add(table, "onLoss: RELOAD");

                // Then
                awaitCount(published, 10);
                assertThat(published.events())
                        .allSatisfy(e -> assertThat(e.op()).isEqualTo(Operation.READ));
                assertThat(published.events()).hasSize(10);
            }
        }
    }
}
