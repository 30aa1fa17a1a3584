package io.github.scyllapgcdc.pipeline;

import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Rows and values that go without a delete in the log: what has expired, and rows that no INSERT made, which are gone with
 * their last value. Each statement meets the row once in the batch that made it and once in Postgres.
 */
class RowLifeIT {
    private static final Duration LANDS = Duration.ofSeconds(30);
    private static final int LONGEST_TTL_SECONDS = 6;
    private static final String COLUMNS = "p int, c int, st text static, a int, b text, s set<int>, m map<text, int>, "
            + "l list<int>, u pair, PRIMARY KEY (p, c)";

    private static PipelineFixture fixture;
    private static PipelineApp app;

    @BeforeAll
    static void startTheApplication() throws Exception {
        fixture = new PipelineFixture("row_life");
        fixture.cql("CREATE TYPE row_life." + ModelValues.PAIR + " (" + ModelValues.PAIR_FIELDS + ")");
        app = PipelineApp.start("row-life", Map.of());
    }

    @AfterAll
    static void stopTheApplication() throws Exception {
        app.close();
        fixture.close();
    }

    @Test
    void aRowThatNoInsertMadeGoesWithItsLastValue() throws Exception {
        TableId table = fixture.table("updated", COLUMNS);
        app.deploy(table);
        String[] make = {
            "UPDATE $t SET a = 1, b = 'x' WHERE p = $p AND c = 1",
            "UPDATE $t SET s = {1, 2} WHERE p = $p AND c = 2",
            "UPDATE $t SET m['x'] = 1 WHERE p = $p AND c = 3",
            "UPDATE $t SET l = [1] WHERE p = $p AND c = 4",
            "UPDATE $t SET u.x = 1 WHERE p = $p AND c = 5",
            "UPDATE $t SET st = 'st' WHERE p = $p",
            "UPDATE $t SET a = 1, b = 'stays' WHERE p = $p AND c = 6",
            "INSERT INTO $t (p, c, a) VALUES ($p, 7, 1)",
            "UPDATE $t SET a = 1 WHERE p = $p AND c = 8",
            "INSERT INTO $t (p, c) VALUES ($p, 8)",
            "INSERT INTO $t (p, c, a) VALUES ($p, 9, 1)",
            "DELETE FROM $t WHERE p = $p AND c = 9",
            "UPDATE $t SET a = 1 WHERE p = $p AND c = 9",
        };
        String[] empty = {
            "UPDATE $t SET a = null WHERE p = $p AND c = 1",
            "DELETE b FROM $t WHERE p = $p AND c = 1",
            "UPDATE $t SET s = s - {1, 2} WHERE p = $p AND c = 2",
            "DELETE m['x'] FROM $t WHERE p = $p AND c = 3",
            "UPDATE $t SET l = l - [1] WHERE p = $p AND c = 4",
            "UPDATE $t SET u.x = null WHERE p = $p AND c = 5",
            "UPDATE $t SET a = null WHERE p = $p AND c = 6",
            "UPDATE $t SET a = null WHERE p = $p AND c = 7",
            "UPDATE $t SET a = null WHERE p = $p AND c = 8",
            "UPDATE $t SET a = null WHERE p = $p AND c = 9",
        };

        run(table, 1, make);
        run(table, 1, empty);
        run(table, 2, make);
        fixture.awaitSame(table, LANDS);
        run(table, 2, empty);

        fixture.awaitSame(table, LANDS);
    }

    @Test
    void whatHasATimeToLiveGoesWhenItIsOver() throws Exception {
        TableId table = fixture.table("expiring", COLUMNS);
        TableId byDefault = fixture.table("expiring_by_default", COLUMNS, "default_time_to_live = 4 AND ");
        app.deploy(table);
        app.deploy(byDefault);
        String[] make = {
            "INSERT INTO $t (p, c, st, a, b) VALUES ($p, 2, 'st', 1, 'b')",
            "INSERT INTO $t (p, c, l, s, m) VALUES ($p, 4, [1], {1}, {'x': 1})",
            "INSERT INTO $t (p, c, u) VALUES ($p, 5, {x: 1})",
            "INSERT INTO $t (p, c, a) VALUES ($p, 10, 1)",
        };
        String[] expire = {
            "INSERT INTO $t (p, c, a, b) VALUES ($p, 1, 1, 'all of it') USING TTL 4",
            "UPDATE $t USING TTL 4 SET a = 5 WHERE p = $p AND c = 2",
            "UPDATE $t USING TTL 4 SET a = 1 WHERE p = $p AND c = 3",
            "UPDATE $t USING TTL 4 SET l = l + [2], s = s + {2}, m['y'] = 2 WHERE p = $p AND c = 4",
            "UPDATE $t USING TTL 3 SET m['x'] = 3, l = [0] + l WHERE p = $p AND c = 4",
            "UPDATE $t USING TTL 4 SET u.y = 'y' WHERE p = $p AND c = 5",
            "UPDATE $t USING TTL 5 SET st = 'expires' WHERE p = $p",
            "INSERT INTO $t (p, c, a) VALUES ($p, 6, 1) USING TTL 3",
            "INSERT INTO $t (p, c, a) VALUES ($p, 6, 2)", // cancels it
            "INSERT INTO $t (p, c, a) VALUES ($p, 7, 1) USING TTL 3",
            "UPDATE $t SET b = 'stays' WHERE p = $p AND c = 7",
            "INSERT INTO $t (p, c, l, s) VALUES ($p, 8, [1, 2], {1, 2}) USING TTL 4",
            "UPDATE $t SET l = l + [3], s = s + {3} WHERE p = $p AND c = 8",
            "UPDATE $t USING TTL 6 SET s = {1, 2} WHERE p = $p AND c = 9",
            "UPDATE $t USING TTL 3 SET s = s + {3} WHERE p = $p AND c = 9",
            "UPDATE $t USING TTL 3 SET a = 1 WHERE p = $p AND c = 10",
            "UPDATE $t USING TTL 6 SET a = 2 WHERE p = $p AND c = 10",
            "INSERT INTO $t (p, c) VALUES ($p, 11) USING TTL 3",
            "INSERT INTO $t (p, c, a) VALUES ($p, 12, 1) USING TTL 3",
            "DELETE FROM $t WHERE p = $p AND c = 12",
            "INSERT INTO $t (p, c, b) VALUES ($p, 12, 'later')",
        };

        run(table, 1, make);
        run(table, 1, expire);
        run(table, 2, make);
        run(byDefault, 1, make);
        run(byDefault, 1, "UPDATE $t USING TTL 0 SET b = 'stays' WHERE p = $p AND c = 2");
        fixture.awaitSame(table, LANDS);
        run(table, 2, expire);

        awaitExpiry();
        fixture.awaitSame(table, LANDS);
        fixture.awaitSame(byDefault, LANDS);
    }

    @Test
    void whatHadATimeToLiveWhenItWasLoadedGoesToo() throws Exception {
        TableId table = fixture.table("loaded", COLUMNS);
        run(
                table,
                1,
                "INSERT INTO $t (p, c, a, b) VALUES ($p, 1, 1, 'all of it') USING TTL 20",
                "INSERT INTO $t (p, c, st, a, b) VALUES ($p, 2, 'st', 1, 'b')",
                "UPDATE $t USING TTL 20 SET a = 2, st = 'expires' WHERE p = $p AND c = 2",
                "UPDATE $t USING TTL 20 SET a = 1 WHERE p = $p AND c = 3");
        Instant over = Instant.now().plusSeconds(21);

        app.deploy(table);
        fixture.awaitSame(table, Duration.ofSeconds(15)); // loaded before it expires

        Awaitility.await("the last TTL").atMost(LANDS).until(() -> Instant.now().isAfter(over));
        fixture.awaitSame(table, LANDS);
    }

    private static void awaitExpiry() {
        Instant over = Instant.now().plusSeconds(LONGEST_TTL_SECONDS + 1);
        Awaitility.await("the last TTL").atMost(LANDS).until(() -> Instant.now().isAfter(over));
    }

    private static void run(TableId table, int partition, String... statements) {
        for (String statement : statements) {
            fixture.cql(statement.replace("$t", table.toString()).replace("$p", Integer.toString(partition)));
        }
    }
}
