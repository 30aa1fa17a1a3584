package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.TableId;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables and types that change while they are replicated, from the ALTER statement to the Postgres table. */
class SchemaEvolutionIT {
    private static final Duration LANDS = Duration.ofSeconds(30);

    private static PipelineFixture fixture;
    private static PipelineApp app;

    @BeforeAll
    static void startTheApplication() throws Exception {
        fixture = new PipelineFixture("evolution");
        app = PipelineApp.start("evolution", Map.of());
    }

    @AfterAll
    static void stopTheApplication() throws Exception {
        app.close();
        fixture.close();
    }

    @Test
    void aColumnThatIsAddedIsThereAndOneThatIsDroppedIsLeftAlone() throws Exception {
        TableId table = fixture.table("altered", "id int PRIMARY KEY, v text");
        app.deploy(table);
        run(table, "INSERT INTO $t (id, v) VALUES (1, 'before')", "INSERT INTO $t (id, v) VALUES (2, 'before')");
        fixture.awaitSame(table, LANDS);

        // When columns are added and written
        run(
                table,
                "ALTER TABLE $t ADD extra int",
                "ALTER TABLE $t ADD tags set<text>",
                "INSERT INTO $t (id, v, extra) VALUES (3, 'after', 3)",
                "UPDATE $t SET extra = 1, tags = tags + {'a'} WHERE id = 1",
                "UPDATE $t SET v = 'by its old columns' WHERE id = 2");
        fixture.awaitSame(table, LANDS);

        // And one is dropped
        run(table, "ALTER TABLE $t DROP v", "UPDATE $t SET extra = 2 WHERE id = 1", "DELETE FROM $t WHERE id = 2");
        fixture.awaitSame(table, LANDS);
        assertThat(TableContents.ofPostgres(fixture.postgres(), table)).anyMatch(row -> row.contains("v=before"));
    }

    @Test
    void aFieldThatIsAddedToATypeIsThere() throws Exception {
        fixture.cql("CREATE TYPE evolution.address (street text)");
        TableId table = fixture.table(
                "typed",
                "id int PRIMARY KEY, u address, f frozen<address>, l list<frozen<address>>, "
                        + "m map<text, frozen<address>>");
        app.deploy(table);
        run(
                table,
                "INSERT INTO $t (id, u, f, l, m) VALUES (1, {street: 'u'}, {street: 'f'}, [{street: 'l'}], "
                        + "{'k': {street: 'm'}})",
                "INSERT INTO $t (id, u) VALUES (2, {street: 'u'})");
        fixture.awaitSame(table, LANDS);

        run(
                table,
                "ALTER TYPE evolution.address ADD no int",
                "UPDATE $t SET u.no = 1, f = {street: 'g', no: 2}, l = l + [{no: 3}], m['n'] = {no: 4} WHERE id = 1",
                "UPDATE $t SET u = {no: 5} WHERE id = 2",
                "INSERT INTO $t (id, u) VALUES (3, {street: 'new', no: 6})");
        fixture.awaitSame(table, LANDS);

        run(table, "UPDATE $t SET u.street = null WHERE id = 1", "UPDATE $t SET u.no = null WHERE id = 3");
        fixture.awaitSame(table, LANDS);
    }

    @Test
    void withoutEvolutionATableThatLacksAColumnIsStoppedAloneUntilItHasIt() throws Exception {
        TableId fixed = fixture.table("fixed", "id int PRIMARY KEY, v text");
        TableId other = fixture.table("other", "id int PRIMARY KEY, v text");
        try (PipelineApp strict = PipelineApp.start("evolution-none", Map.of("SINK_SCHEMA_EVOLUTION", "none"))) {
            strict.deploy(fixed);
            strict.deploy(other);
            run(fixed, "INSERT INTO $t (id, v) VALUES (1, 'before')");
            run(other, "INSERT INTO $t (id, v) VALUES (1, 'before')");
            fixture.awaitSame(fixed, LANDS);
            fixture.awaitSame(other, LANDS);

            // When
            run(fixed, "ALTER TABLE $t ADD extra int", "UPDATE $t SET extra = 1 WHERE id = 1");

            // Then
            String remedy = "ALTER TABLE \"evolution\".\"fixed\" ADD COLUMN IF NOT EXISTS \"extra\" integer";
            Awaitility.await()
                    .atMost(LANDS)
                    .untilAsserted(() -> assertThat(strict.route("postgres-sink-fixed")
                                    .path("detail")
                                    .asText())
                            .contains("evolution.fixed", "sink.schema.evolution=none", remedy));
            run(other, "UPDATE $t SET v = 'goes on' WHERE id = 1");
            fixture.awaitSame(other, LANDS);

            // When it is done, and the application started again
            try (Statement statement = fixture.postgres().createStatement()) {
                statement.execute(remedy);
            }
            strict.kill();
            strict.restart();
            fixture.awaitSame(fixed, LANDS);
        }
    }

    private static void run(TableId table, String... statements) {
        for (String statement : statements) {
            fixture.cql(statement.replace("$t", table.toString()));
        }
    }
}
