package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.cli.CommandRun;
import io.github.scyllapgcdc.dev.EmbeddedStack;
import io.github.scyllapgcdc.dev.Server;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pipeline as the roles that docker/postgres/grants*.sql and docker/scylla/grants.cql make: it can do all it does, and no more. */
class GrantsFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(90);
    private static final String ROLE = "least";
    private static final String PASSWORD = "pa55word-of-least";
    private static final String DATABASE = "grants_it";

    private static EmbeddedStack scylla;
    private static PipelineFixture fixture;
    private static Connection superuser;

    @BeforeAll
    static void start() throws Exception {
        scylla = EmbeddedStack.builder(Path.of("target", "grants-stack"))
                .fresh(true)
                .servers(EnumSet.of(Server.SCYLLA))
                .scyllaPasswords(true)
                .build()
                .start();
        fixture = new PipelineFixture(
                "grants", scylla.endpoints(), CqlSession.builder().withAuthCredentials("cassandra", "cassandra"));
        try (Connection first = superuser(fixture.endpoints().postgresUrl());
                Statement statement = first.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE);
        }
        superuser = superuser(url());
        sql(script("docker/postgres/grants.sql", "grants"));
        sql("ALTER ROLE " + ROLE + " PASSWORD '" + PASSWORD + "'");
    }

    @AfterAll
    static void stop() throws Exception {
        superuser.close();
        fixture.close();
        scylla.close();
    }

    private static Connection superuser(String url) throws SQLException {
        return DriverManager.getConnection(url, "postgres", fixture.endpoints().postgresPassword());
    }

    private static String url() {
        return fixture.endpoints().postgresUrl().replaceFirst("/[^/]*$", "/" + DATABASE);
    }

    @Test
    void theApplicationMakesItsTables() throws Exception {
        TableId table = fixture.table("made", "id bigint PRIMARY KEY, v text");
        grantScylla(table);
        try (PipelineApp app = PipelineApp.start("grants-made", environment())) {
            // When rows come, and a column
            app.deploy(table);
            fixture.insert(table, 0, 100);
            awaitEqual(table);
            fixture.cql("ALTER TABLE " + table + " ADD more int");
            fixture.cql("UPDATE " + table + " SET more = 1 WHERE id = 7");
            fixture.cql("DELETE FROM " + table + " WHERE id = 8");
            fixture.cql("INSERT INTO " + table + " (id, v) VALUES (500, 'short-lived') USING TTL 2");

            // Then the application made and widened the table; and it is paused, resumed and compared
            awaitEqual(table);
            assertThat(CommandRun.of("pause", "postgres-sink-made", "--app-url", app.url())
                            .code())
                    .isZero();
            assertThat(CommandRun.of("resume", "postgres-sink-made", "--app-url", app.url())
                            .code())
                    .isZero();
            fixture.insert(table, 100, 200);
            awaitEqual(table);
            sql("UPDATE " + table + " SET v = 'tampered' WHERE id = 9");
            CommandRun compared =
                    CommandRun.of("reconcile", "--table", table.toString(), "--repair", "--app-url", app.url());
            assertThat(compared.out() + compared.errors()).contains("repaired");
            awaitEqual(table);
            app.awaitHealthy();

            // And nothing else is its business
            assertThat(refusal("CREATE TABLE public.mine (id int)")).contains("permission denied");
            assertThat(refusal("CREATE SCHEMA mine")).contains("permission denied");
        }
    }

    @Test
    void somebodyElseMakesTheTables() throws Exception {
        TableId table = fixture.table("given", "id bigint PRIMARY KEY, v text");
        grantScylla(table);
        sql("CREATE TABLE " + table + " (id bigint PRIMARY KEY, v text)");
        sql(script("docker/postgres/grants-without-create.sql", "grants"));
        Map<String, String> environment = environment();
        environment.put("SINK_AUTO_CREATE", "false");
        environment.put("SINK_SCHEMA_EVOLUTION", "none");
        try (PipelineApp app = PipelineApp.start("grants-given", environment)) {
            app.deploy(table);
            fixture.insert(table, 0, 100);
            awaitEqual(table);

            for (String privilege : List.of("SELECT", "INSERT", "UPDATE", "DELETE")) {
                // When it lacks one privilege
                sql("REVOKE " + privilege + " ON " + table + " FROM " + ROLE);
                fixture.cql("UPDATE " + table + " SET v = 'without " + privilege + "' WHERE id = 1");
                fixture.cql("DELETE FROM " + table + " WHERE id = 2");

                // Then the table waits and says what to do
                awaitDetail(app, "postgres-sink-given", "docker/postgres/grants.sql");

                // And goes on once it has it again
                sql("GRANT " + privilege + " ON " + table + " TO " + ROLE);
                restart(app, "postgres-sink-given");
                awaitEqual(table);
            }

            // The same with ScyllaDB's log
            fixture.cql("REVOKE SELECT ON " + table + "_scylla_cdc_log FROM " + ROLE);
            awaitDetail(app, "scylla-source-given", "docker/scylla/grants.cql");
            fixture.cql("GRANT SELECT ON " + table + "_scylla_cdc_log TO " + ROLE);
            restart(app, "scylla-source-given");
            fixture.insert(table, 100, 200);
            awaitEqual(table);
        } finally {
            sql("GRANT CREATE ON SCHEMA grants TO " + ROLE);
        }
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put(
                "SCYLLA_CONTACT_POINTS", "127.0.0.1:" + scylla.endpoints().scyllaPort());
        environment.put("SCYLLA_USERNAME", ROLE);
        environment.put("SCYLLA_PASSWORD", PASSWORD);
        environment.put("POSTGRES_URL", url());
        environment.put("POSTGRES_USERNAME", ROLE);
        environment.put("POSTGRES_PASSWORD", PASSWORD);
        return environment;
    }

    private static void restart(PipelineApp app, String connector) {
        CommandRun run = CommandRun.of("restart", connector, "--app-url", app.url());
        assertThat(run.code()).as(run.toString()).isZero();
    }

    private static void awaitDetail(PipelineApp app, String route, String part) {
        Awaitility.await(route + " names the remedy")
                .atMost(LANDS)
                .untilAsserted(() -> assertThat(app.route(route).toString()).contains(part));
    }

    private static void awaitEqual(TableId table) {
        ModelComparison comparison = new ModelComparison(fixture.scylla(), superuser, table);
        Awaitility.await("Postgres equals Scylla for " + table)
                .atMost(LANDS)
                .during(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> assertThat(comparison.firstDifference()).isEmpty());
    }

    private static void grantScylla(TableId table) throws IOException {
        String script = script("docker/scylla/grants.cql", table.keyspace())
                .replace(table.keyspace() + ".users", table.toString())
                .replace("change-me", PASSWORD);
        for (String statement : script.replaceAll("(?m)^--.*$", "").split(";", -1)) {
            if (!statement.isBlank()) {
                fixture.cql(statement.strip());
            }
        }
    }

    /** The script with names of this test's own. */
    private static String script(String file, String schema) throws IOException {
        return Files.readString(Path.of(file)).replaceAll("\\bcdc\\b", ROLE).replaceAll("\\becommerce\\b", schema);
    }

    private static void sql(String text) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(text);
        }
    }

    private static String refusal(String text) {
        List<String> messages = new ArrayList<>();
        try (Connection least = DriverManager.getConnection(url(), ROLE, PASSWORD);
                Statement statement = least.createStatement()) {
            statement.execute(text);
        } catch (SQLException e) {
            messages.add(e.getMessage());
        }
        return String.join("", messages);
    }
}
