package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.reconcile.RunStatus;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A table that is written to all the time gives no false alarm, and what really differs in it is found. */
class ReconcileLoadFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final int PARTITIONS = 10;
    private static final int ROWS = 20_000;
    private static final int AT_ONCE = 100;
    private static final int RUNS = 3;

    @Test
    void aBusyTableGivesNoFalseAlarm() throws Exception {
        try (PipelineFixture fixture = new PipelineFixture("reconcile_load");
                PipelineApp app = PipelineApp.start("reconcile-load", Map.of());
                ReconcileFixture reconcile = new ReconcileFixture()) {
            // Given a table that is written to all the time, deletes and all
            TableId table = fixture.table("busy", "p int, n int, v text, PRIMARY KEY (p, n)");
            app.deploy(table);
            try (Load load = new Load(fixture, table)) {
                Awaitility.await("rows are there")
                        .atMost(LANDS)
                        .ignoreExceptions() // there is no table at first
                        .until(() -> fixture.count("SELECT count(*) FROM " + table) > ROWS / 4);
                for (int run = 0; run < RUNS; run++) {
                    // When it is compared meanwhile
                    long before = load.changes();
                    long begun = System.nanoTime();
                    RunStatus status = reconcile.run(table);
                    double rate = (load.changes() - before) / ((System.nanoTime() - begun) / 1e9);
                    System.out.printf("ReconcileLoadFaultIT: %.0f changes/s, %s%n", rate, status);

                    // Then no row counts as different
                    assertThat(status.error()).isNull();
                    assertThat(reconcile.found(status)).isEmpty();
                    assertThat(status.state()).isEqualTo(RunStatus.State.EQUAL);
                }

                // And one that is, is found all the same
                fixture.cql("INSERT INTO " + table + " (p, n, v) VALUES (77, 1, 'x')");
                Awaitility.await("the row arrives")
                        .atMost(LANDS)
                        .until(() -> fixture.count("SELECT count(*) FROM " + table + " WHERE p = 77") == 1);
                reconcile.awaitPassed(table);
                try (Statement tamper = fixture.postgres().createStatement()) {
                    tamper.execute("UPDATE " + table + " SET v = 'y' WHERE p = 77");
                }
                assertThat(reconcile.found(reconcile.run(table, "repair", true)))
                        .containsExactly("mismatch {\"n\":1,\"p\":77} v");
            }
            fixture.awaitSame(table, LANDS);
        }
    }

    /** Inserts, overwrites and deletes, about two thousand a second. */
    private static final class Load implements AutoCloseable {
        private static final Duration PAUSE = Duration.ofMillis(40);

        private final AtomicBoolean enough = new AtomicBoolean();
        private final AtomicLong changes = new AtomicLong();
        private final CompletableFuture<Void> writing;

        Load(PipelineFixture fixture, TableId table) {
            PreparedStatement insert = fixture.scylla().prepare("INSERT INTO " + table + " (p, n, v) VALUES (?, ?, ?)");
            PreparedStatement delete = fixture.scylla().prepare("DELETE FROM " + table + " WHERE p = ? AND n = ?");
            Random random = new Random(1);
            writing = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    List<CompletableFuture<?>> underWay = new ArrayList<>();
                    for (int i = 0; i < AT_ONCE; i++) {
                        int p = random.nextInt(PARTITIONS);
                        int n = random.nextInt(ROWS / PARTITIONS);
                        underWay.add(fixture.scylla()
                                .executeAsync(
                                        random.nextInt(4) == 0
                                                ? delete.bind(p, n)
                                                : insert.bind(p, n, "written " + random.nextInt()))
                                .toCompletableFuture());
                    }
                    underWay.forEach(CompletableFuture::join);
                    changes.addAndGet(AT_ONCE);
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            });
        }

        long changes() {
            return changes.get();
        }

        @Override
        public void close() {
            enough.set(true);
            writing.join();
        }
    }
}
