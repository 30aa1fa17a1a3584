package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows that somebody changed, deleted or added in Postgres behind the pipeline's back are found, named and repaired. */
class ReconciliationIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final int STATEMENTS = 150;

    private static PipelineFixture fixture;
    private static PipelineApp app;
    private static ReconcileFixture reconcile;

    @BeforeAll
    static void startTheApplication() throws Exception {
        fixture = new PipelineFixture("reconcile");
        fixture.cql("CREATE TYPE reconcile." + ModelValues.PAIR + " (" + ModelValues.PAIR_FIELDS + ")");
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
    void everyTypeIsEqualAsThePipelineWroteItAndFoundWhenItIsChanged() throws Exception {
        // Given tables of every shape and type, written to at random
        long seed = Long.getLong("model.seed", new Random().nextLong(1_000_000));
        System.out.println("ReconciliationIT: -Dmodel.seed=" + seed);
        Random random = new Random(seed);
        Map<ModelTable, TableId> tables = new LinkedHashMap<>();
        for (ModelTable table : ModelTable.all()) {
            if (table.ttl()) {
                continue;
            }
            TableId id = fixture.table(table.name(), table.definition(), table.options());
            app.deploy(id);
            tables.put(table, id);
            ModelGenerator generator = new ModelGenerator(table, "reconcile", random);
            for (int i = 0; i < STATEMENTS; i++) {
                try {
                    fixture.cql(generator.next().cql());
                } catch (InvalidQueryException e) {
                    assertThat(e.getMessage()).as("a statement that is refused").containsIgnoringCase("list");
                }
            }
        }
        app.awaitHealthy();
        for (TableId table : tables.values()) {
            fixture.awaitSame(table, LANDS);
            reconcile.awaitPassed(table);
        }

        // When both sides are compared, then they are equal
        Map<ModelTable, RunStatus> equal = runAll(tables);
        equal.forEach((table, run) -> {
            assertThat(run.error()).isNull();
            assertThat(reconcile.found(run)).as("of %s", run.table()).isEmpty();
            assertThat(run.state()).isEqualTo(RunStatus.State.EQUAL);
            assertThat(run.postgresRows()).isEqualTo(run.scyllaRows()).isPositive();
        });

        // When one value of each column is changed in Postgres, each in a row of its own where there are enough
        Map<ModelTable, List<String>> changed = new LinkedHashMap<>();
        for (Map.Entry<ModelTable, TableId> table : tables.entrySet()) {
            changed.put(table.getKey(), changeEachColumn(table.getKey(), table.getValue()));
        }
        Map<ModelTable, RunStatus> different = runAll(tables, "repair", true);

        // Then each is named, and the row is asked for and equal again
        different.forEach((table, run) -> {
            assertThat(run.error()).isNull();
            assertThat(reconcile.found(run))
                    .as("of %s", run.table())
                    .containsExactlyInAnyOrderElementsOf(changed.get(table));
            assertThat(run.repaired()).isEqualTo(changed.get(table).size());
            assertThat(run.state()).isEqualTo(RunStatus.State.EQUAL);
        });
        for (TableId table : tables.values()) {
            fixture.awaitSame(table, LANDS);
        }
    }

    /** Runs of several tables side by side. */
    private static Map<ModelTable, RunStatus> runAll(Map<ModelTable, TableId> tables, Object... more)
            throws InterruptedException {
        Map<ModelTable, RunStatus> runs = new LinkedHashMap<>();
        tables.forEach(
                (table, id) -> runs.put(table, reconcile.reconciliations().begin(ReconcileFixture.request(id, more))));
        for (Map.Entry<ModelTable, RunStatus> run : runs.entrySet()) {
            run.setValue(reconcile.reconciliations().await(run.getValue().id()));
        }
        return runs;
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
        Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
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
        assertThat(some.postgresRows()).isBetween(0L, 5000L);
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

    private static List<String> changeEachColumn(ModelTable table, TableId id) throws Exception {
        List<String> changed = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        for (ModelTable.Column column : table.regular()) {
            String key = keyOfRowWith(table, id, column.name(), taken);
            if (key == null) {
                continue;
            }
            taken.add(key);
            String type = type(id, column.name());
            try (Statement statement = fixture.postgres().createStatement()) {
                int rows = statement.executeUpdate("UPDATE " + id + " AS t SET " + column.name() + " = "
                        + other(column.name(), type) + " WHERE " + keyJson(table) + " = $key$" + key + "$key$");
                assertThat(rows).isEqualTo(1);
            }
            changed.add("mismatch " + new ObjectMapper().readTree(key) + " " + column.name());
        }
        assertThat(changed).as("columns of %s that were changed", id).isNotEmpty();
        return changed;
    }

    private static String keyOfRowWith(ModelTable table, TableId id, String column, List<String> taken)
            throws SQLException {
        try (Statement statement = fixture.postgres().createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + keyJson(table) + " FROM " + id + " AS t WHERE "
                        + column + " IS NOT NULL ORDER BY random()")) {
            while (rows.next()) {
                if (!taken.contains(rows.getString(1))) {
                    return rows.getString(1);
                }
            }
        }
        return null;
    }

    /** The key of a row as the log has it. */
    private static String keyJson(ModelTable table) {
        List<String> parts = new ArrayList<>();
        table.partition().forEach(c -> parts.add("'" + c.name() + "', t." + c.name()));
        table.clustering().forEach(c -> parts.add("'" + c.name() + "', t." + c.name()));
        return "jsonb_build_object(" + String.join(", ", parts) + ")::text";
    }

    private static String type(TableId id, String column) throws SQLException {
        try (Statement statement = fixture.postgres().createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '" + id
                                + "'::regclass AND attname = '" + column + "'")) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Another value of the type, the nearest there is. */
    private static String other(String column, String type) {
        if (type.endsWith("[]")) {
            return "CASE WHEN cardinality(" + column + ") > 0 THEN " + column + "[2:] ELSE NULL END";
        }
        return switch (type) {
            case "smallint", "integer", "bigint" -> column + " # 1";
            case "numeric" -> column + " + 0.0000000001";
            case "real" -> "CASE WHEN " + column + " = 'NaN' THEN 0 ELSE 'NaN'::real END";
            case "double precision" -> "CASE WHEN " + column + " = 'NaN' THEN 0 ELSE 'NaN'::float8 END";
            case "text" -> column + " || ' '";
            case "boolean" -> "NOT " + column;
            case "bytea" -> column + " || '\\x00'";
            case "uuid" -> "gen_random_uuid()";
            case "timestamp with time zone" -> column + " + interval '1 microsecond'";
            case "date" -> column + " + 1";
            case "time without time zone" -> column + " + interval '1 microsecond'";
            case "inet" -> "CASE WHEN " + column + " = '::1' THEN '::2' ELSE '::1' END::inet";
            case "interval" -> column + " + interval '1 microsecond'";
            case "jsonb" -> "'{\"changed\": true}'";
            default -> throw new AssertionError("no other value of " + type);
        };
    }
}
