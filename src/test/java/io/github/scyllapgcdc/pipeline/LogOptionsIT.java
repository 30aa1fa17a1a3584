package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables whose log has more than what was written, or less: images, and deltas of keys alone. */
class LogOptionsIT {
    private static final Duration LANDS = Duration.ofSeconds(30);
    private static final String COLUMNS = "p int, c int, st text static, a int, b text, s set<int>, m map<text, int>, "
            + "l list<int>, PRIMARY KEY (p, c)";

    private static PipelineFixture fixture;
    private static PipelineApp app;

    @BeforeAll
    static void startTheApplication() throws Exception {
        fixture = new PipelineFixture("log_options");
        app = PipelineApp.start("log-options", Map.of("SOURCE_SNAPSHOT", "never"));
    }

    @AfterAll
    static void stopTheApplication() throws Exception {
        app.close();
        fixture.close();
    }

    @Test
    void ofDeltasOfKeysThePostimageHasTheValues() throws Exception {
        TableId table = table("keys", "'delta': 'keys', 'postimage': true");
        app.deploy(table);

        // When each kind of statement is run, once before the rows are in Postgres and once when they are
        for (int round = 0; round < 2; round++) {
            run(
                    table,
                    "INSERT INTO $t (p, c, st, a, b, s, m, l) VALUES (1, 1, 'st', 1, 'b', {1, 2}, {'x': 1}, [1, 2])",
                    "INSERT INTO $t (p, c) VALUES (1, 2)",
                    "UPDATE $t SET b = 'c' WHERE p = 1 AND c = 1",
                    "UPDATE $t SET s = s - {1}, m['y'] = 2, l = l + [3] WHERE p = 1 AND c = 1",
                    "UPDATE $t SET m = m - {'x'}, a = null WHERE p = 1 AND c = 1",
                    "UPDATE $t SET a = 3, l = [9] WHERE p = 2 AND c = 1",
                    "UPDATE $t SET st = 'two' WHERE p = 2",
                    "UPDATE $t SET a = null WHERE p = 2 AND c = 99",
                    "DELETE b FROM $t WHERE p = 1 AND c = 1",
                    "INSERT INTO $t (p, c, a) VALUES (2, 2, 2)",
                    "DELETE FROM $t WHERE p = 2 AND c = 2",
                    "BEGIN UNLOGGED BATCH INSERT INTO $t (p, c, a) VALUES (3, 1, 1) "
                            + "INSERT INTO $t (p, c, a) VALUES (3, 2, 2) INSERT INTO $t (p, c, a) VALUES (3, 3, 3) "
                            + "UPDATE $t SET b = 'in a batch' WHERE p = 3 AND c = 2 APPLY BATCH",
                    "DELETE FROM $t WHERE p = 3 AND c > 1 AND c <= 2",
                    "INSERT INTO $t (p, c, st, a) VALUES (4, 1, 'gone', 1)",
                    "DELETE FROM $t WHERE p = 4",
                    "INSERT INTO $t (p, c, a) VALUES (4, 2, 2)");
            fixture.awaitSame(table, LANDS);
        }

        // Then rows that are deleted by the batch that wrote them have no postimage, and need none
        run(
                table,
                "BEGIN UNLOGGED BATCH INSERT INTO $t (p, c, a) VALUES (5, 1, 1) UPDATE $t SET a = 2 WHERE p = 5 AND c = 2 "
                        + "DELETE FROM $t WHERE p = 5 AND c = 1 APPLY BATCH",
                "BEGIN UNLOGGED BATCH INSERT INTO $t (p, c, a) VALUES (6, 1, 1) DELETE FROM $t WHERE p = 6 APPLY BATCH",
                "BEGIN UNLOGGED BATCH INSERT INTO $t (p, c, a) VALUES (7, 1, 1) INSERT INTO $t (p, c, a) VALUES (7, 9, 9) "
                        + "DELETE FROM $t WHERE p = 7 AND c < 5 APPLY BATCH",
                "INSERT INTO $t (p, c, a) VALUES (8, 8, 8)");
        fixture.awaitSame(table, LANDS);
        assertThat(app.health()).doesNotContainPattern("\"deadLetter(s|ed)\" : [1-9]");
    }

    @Test
    void deltasOfKeysWithoutPostimagesStopTheirTableAlone() throws Exception {
        TableId refused = table("refused", "'delta': 'keys'");
        TableId other = table("other", "'preimage': true");
        app.deploy(refused);
        app.deploy(other);

        // Then health names the table and the remedy, and the other table goes on
        Awaitility.await()
                .atMost(LANDS)
                .untilAsserted(() -> assertThat(app.health())
                        .contains(
                                "log_options.refused",
                                "ALTER TABLE log_options.refused WITH cdc",
                                "'postimage': true"));
        run(other, "INSERT INTO $t (p, c, a) VALUES (1, 1, 1)");
        fixture.awaitSame(other, LANDS);

        // When it is followed
        run(
                refused,
                "ALTER TABLE $t WITH cdc = {'enabled': true, 'delta': 'full'}",
                "INSERT INTO $t (p, c, a) VALUES (1, 1, 2)");
        fixture.awaitSame(refused, LANDS);
    }

    @Test
    void imagesAroundBatchesOfManyRowsAreNoChanges() throws Exception {
        TableId table = table("images", "'preimage': 'full', 'postimage': true");
        app.deploy(table);

        // When two hundred rows are written by a few batches over several partitions, then changed and partly deleted
        int partitions = 4;
        int rows = 50;
        for (int value : List.of(1, 2)) {
            for (int p = 0; p < partitions; p++) {
                int partition = p;
                run(
                        table,
                        IntStream.range(0, rows)
                                .mapToObj(c -> "INSERT INTO $t (p, c, a, b, s) VALUES (%d, %d, %d, 'v%d', {%d});"
                                        .formatted(partition, c, value, value, value))
                                .collect(Collectors.joining(" ", "BEGIN UNLOGGED BATCH ", " APPLY BATCH")));
            }
        }
        run(
                table,
                IntStream.range(0, partitions)
                        .mapToObj(p ->
                                "UPDATE $t SET st = 'st', b = null WHERE p = %d AND c = 1; DELETE FROM $t WHERE p = %d AND c = 2;"
                                        .formatted(p, p))
                        .collect(Collectors.joining(" ", "BEGIN UNLOGGED BATCH ", " APPLY BATCH")));

        // Then both sides are equal, and each change was published once
        fixture.awaitSame(table, LANDS);
        List<String> changes = CommittedTopic.read(fixture.endpoints().kafkaBootstrap(), table.topic()).stream()
                .map(CommittedTopic::changeId)
                .toList();
        assertThat(changes).doesNotHaveDuplicates().hasSize(2 * partitions * rows + 3 * partitions);
    }

    private static TableId table(String name, String cdc) {
        TableId table = new TableId("log_options", name);
        fixture.cql("CREATE TABLE " + table + " (" + COLUMNS + ") WITH cdc = {'enabled': true, " + cdc + "}");
        return table;
    }

    private static void run(TableId table, String... statements) {
        for (String statement : statements) {
            fixture.cql(statement.replace("$t", table.toString()));
        }
    }
}
