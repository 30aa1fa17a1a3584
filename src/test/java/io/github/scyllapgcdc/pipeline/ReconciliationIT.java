package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.reconcile.RunRefusedException;
import io.github.scyllapgcdc.reconcile.RunStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows that somebody changed, deleted or added in Postgres behind the pipeline's back are found, named and repaired. */
class ReconciliationIT {
    private static final Duration LANDS = Duration.ofSeconds(60);

    private static PipelineFixture fixture;
    private static PipelineApp app;
    private static ReconcileFixture reconcile;

    @BeforeAll
    static void startTheApplication() throws Exception {
        fixture = new PipelineFixture("reconcile");
        // each run waits for the pipeline to pass a moment; on one machine clocks agree
        app = PipelineApp.start(
                "reconcile", Map.of("SOURCE_CONFIDENCE_WINDOW_MS", "1000", "SOURCE_MAX_CLOCK_SKEW_MS", "100"));
        reconcile = new ReconcileFixture(Map.of("source.max-clock-skew.ms", "100"));
    }

    @AfterAll
    static void stopTheApplication() throws Exception {
        reconcile.close();
        app.close();
        fixture.close();
    }

    @Test
    void rowsThatAreMissingExtraOrChangedAreNamedAndRepairedOnce() throws Exception {
        // Given an equal table of which somebody deletes, adds and changes rows in Postgres
        TableId table = tableOfNumbers("tampered", 2000);
        postgres("DELETE FROM " + table + " WHERE n = 3 AND p < 4");
        postgres("INSERT INTO " + table + " SELECT 100 + i, 1, 'added' FROM generate_series(1, 5) AS i");
        postgres("INSERT INTO " + table + " VALUES (7, 7000, 'added to a partition')");
        postgres("UPDATE " + table + " SET v = NULL WHERE p = 9 AND n = 9");

        // When it is compared, and only said what would be done
        RunStatus dry = reconcile.run(table, "repair", true, "dryRun", true);
        List<String> all = new ArrayList<>();
        for (int p = 0; p < 4; p++) {
            all.add("missing {\"n\":3,\"p\":" + p + "}");
        }
        for (int p = 101; p <= 105; p++) {
            all.add("extra {\"n\":1,\"p\":" + p + "}");
        }
        all.add("extra {\"n\":7000,\"p\":7}");
        all.add("mismatch {\"n\":9,\"p\":9} v");
        assertThat(reconcile.found(dry)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(dry.state()).isEqualTo(RunStatus.State.DIFFERENT);

        // And repaired without what is too much
        RunStatus first = reconcile.run(table, "repair", true);
        assertThat(reconcile.found(first)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(List.of(first.repaired(), first.left())).containsExactly(5L, 6L);
        assertThat(open(table)).containsOnly(Map.entry("extra", 6L));

        // And with it
        RunStatus second = reconcile.run(table, "repair", true, "deleteExtra", true);
        assertThat(List.of(second.extra(), second.repaired(), second.left())).containsExactly(6L, 6L, 0L);
        assertThat(second.state()).isEqualTo(RunStatus.State.EQUAL);
        assertThat(open(table)).isEmpty();
        fixture.awaitSame(table, LANDS);

        // Then repairing once more changes nothing
        long published = fixture.published(table, "read_committed");
        RunStatus third = reconcile.run(table, "repair", true, "deleteExtra", true);
        assertThat(third.state()).isEqualTo(RunStatus.State.EQUAL);
        assertThat(third.repaired()).isZero();
        assertThat(fixture.published(table, "read_committed")).isEqualTo(published);
        assertThat(fixture.count("SELECT count(*) FROM cdc_metadata.reconciliation_repairs WHERE table_name = '" + table
                        + "' AND outcome = 'repaired'"))
                .isEqualTo(11);
    }

    @Test
    void whatChangedSinceSomeTimeIsLookedAtAlone() throws Exception {
        // Given rows that were changed in Postgres, of which some changed in ScyllaDB a moment ago
        TableId table = tableOfNumbers("since", 500);
        Instant since = Instant.now();
        fixture.cql("UPDATE " + table + " SET v = 'new' WHERE p = 1 AND n = 1");
        fixture.cql("DELETE FROM " + table + " WHERE p = 2 AND n > 10 AND n < 13");
        fixture.awaitSame(table, LANDS);
        postgres("UPDATE " + table + " SET v = 'changed' WHERE p IN (1, 3) AND n = 1");
        postgres("INSERT INTO " + table + " VALUES (2, 11, 'added'), (5, 5000, 'added')");

        // When those since then are compared
        RunStatus run = reconcile.run(
                table, "mode", "incremental", "since", since.toString(), "repair", true, "deleteExtra", true);

        // Then the others are not looked at
        assertThat(run.error()).isNull();
        assertThat(reconcile.found(run))
                .containsExactlyInAnyOrder("mismatch {\"n\":1,\"p\":1} v", "extra {\"n\":11,\"p\":2}");
        assertThat(run.repaired()).isEqualTo(2);
        assertThat(reconcile.found(reconcile.run(table)))
                .containsExactlyInAnyOrder("mismatch {\"n\":1,\"p\":3} v", "extra {\"n\":5000,\"p\":5}");
        // And what the log no longer has is refused
        assertThatThrownBy(() -> reconcile.run(table, "mode", "incremental", "since", "2d"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("keeps changes for 86400 s");
    }

    @Test
    void aSampleLooksAtBothSides() throws Exception {
        TableId table = fixture.countedTable("sample");
        app.deploy(table);
        fixture.insert(table, 0, 3000);
        fixture.awaitSame(table, LANDS);
        reconcile.awaitPassed(table);
        postgres("UPDATE " + table + " SET v = v || '!'");
        postgres("INSERT INTO " + table + " SELECT id + 10000, v FROM " + table);

        RunStatus all = reconcile.run(table, "mode", "sample", "percent", "100");
        assertThat(all.error()).isNull();
        assertThat(List.of(all.mismatch(), all.extra(), all.missing())).containsExactly(3000L, 3000L, 0L);

        RunStatus some = reconcile.run(table, "mode", "sample", "percent", "30");
        assertThat(some.error()).isNull();
        assertThat(some.scyllaRows()).isBetween(1L, 2000L);
        assertThat(some.postgresRows()).isBetween(1L, 5000L);
    }

    @Test
    void oneRunOfATableAtATime() throws Exception {
        TableId table = tableOfNumbers("once", 100);
        try (ReconcileFixture other = new ReconcileFixture()) {
            postgres("UPDATE " + table + " SET v = 'x' WHERE p = 1 AND n = 1");
            RunStatus running = reconcile.reconciliations().begin(ReconcileFixture.request(table));
            assertThatThrownBy(() -> other.run(table))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContaining("is under way already");
            reconcile.reconciliations().await(running.id());
            assertThat(other.run(table).mismatch()).isEqualTo(1);
        }
        assertThatThrownBy(() -> reconcile.run(new TableId("reconcile", "nothing")))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("deploy the table first");
    }

    /** A table of ten partitions, equal on both sides. */
    private static TableId tableOfNumbers(String name, int rows) throws Exception {
        TableId table = fixture.table(name, "p int, n int, v text, PRIMARY KEY (p, n)");
        app.deploy(table);
        PreparedStatement insert = fixture.scylla().prepare("INSERT INTO " + table + " (p, n, v) VALUES (?, ?, ?)");
        List<CompletableFuture<?>> underWay = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            underWay.add(fixture.scylla()
                    .executeAsync(insert.bind(i % 10, i / 10, "value " + i))
                    .toCompletableFuture());
            if (underWay.size() == 500) {
                underWay.forEach(CompletableFuture::join);
                underWay.clear();
            }
        }
        underWay.forEach(CompletableFuture::join);
        fixture.awaitSame(table, LANDS);
        reconcile.awaitPassed(
                table); // what was loaded comes once more from the log, and would undo what a test changes
        return table;
    }

    private static void postgres(String statement) throws SQLException {
        try (Statement execute = fixture.postgres().createStatement()) {
            assertThat(execute.executeUpdate(statement)).isPositive();
        }
    }

    /** What is open of a table, as an operator asks for it. */
    private static Map<String, Long> open(TableId table) throws SQLException {
        Map<String, Long> open = new LinkedHashMap<>();
        try (Statement statement = fixture.postgres().createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT discrepancy_type, COUNT(*) FROM cdc_metadata.reconciliation_log WHERE table_name = '"
                                + table + "' AND NOT resolved GROUP BY discrepancy_type")) {
            while (rows.next()) {
                open.put(rows.getString(1), rows.getLong(2));
            }
        }
        return open;
    }
}
