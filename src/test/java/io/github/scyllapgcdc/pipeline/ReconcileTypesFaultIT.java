package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.reconcile.RunStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every type, as the pipeline writes it, is equal on both sides; whatever is changed in Postgres is found, by its column, and
 * repaired. Prints its seed.
 */
class ReconcileTypesFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final int STATEMENTS = 250;

    private static PipelineFixture fixture;
    private static PipelineApp app;
    private static ReconcileFixture reconcile;

    @BeforeAll
    static void startTheApplication() throws Exception {
        fixture = new PipelineFixture("reconcile_types");
        fixture.cql("CREATE TYPE reconcile_types." + ModelValues.PAIR + " (" + ModelValues.PAIR_FIELDS + ")");
        app = PipelineApp.start("reconcile-types", Map.of());
        reconcile = new ReconcileFixture();
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
        System.out.println("ReconcileTypesFaultIT: -Dmodel.seed=" + seed);
        Random random = new Random(seed);
        Map<ModelTable, TableId> tables = new LinkedHashMap<>();
        for (ModelTable table : ModelTable.all()) {
            if (table.ttl()) {
                continue;
            }
            TableId id = fixture.table(table.name(), table.definition(), table.options());
            app.deploy(id);
            tables.put(table, id);
            ModelGenerator generator = new ModelGenerator(table, "reconcile_types", random);
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
