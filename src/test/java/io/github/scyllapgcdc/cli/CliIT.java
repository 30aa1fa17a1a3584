package io.github.scyllapgcdc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against real servers, as a user types them. */
class CliIT {
    private static final String TABLES = "routes.tables.directory";
    private static StackEndpoints stack;

    @TempDir
    private Path tables;

    private String out = "";
    private String errors = "";

    @BeforeAll
    static void startServers() {
        stack = TestStack.get().endpoints();
    }

    @BeforeEach
    void useAFolderOfOurOwn() {
        System.setProperty(TABLES, tables.toString());
    }

    @AfterEach
    void useTheProjectsFolder() {
        System.clearProperty(TABLES);
    }

    @Test
    void cqlPrintsRowsOfEveryKindOfValue() {
        cql(
                "CREATE KEYSPACE IF NOT EXISTS cli_it WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        cql("CREATE TABLE IF NOT EXISTS cli_it.kinds (id int PRIMARY KEY, name text, at timestamp, bytes blob,"
                + " price decimal, tags set<text>, ok boolean, day date)");
        // When
        int code = cql("INSERT INTO cli_it.kinds (id, name, at, bytes, price, tags, ok, day)"
                + " VALUES (1, 'a;b', '2026-01-02T03:04:05.678Z', 0xcafe, 1.50, {'x', 'y'}, true, '2026-01-02');"
                + " SELECT id, name, at, bytes, price, tags, ok, day FROM cli_it.kinds");
        // Then
        assertThat(errors).isEmpty();
        assertThat(code).isZero();
        assertThat(out).isEqualTo("""
                        OK
                         id | name | at                       | bytes  | price | tags      | ok   | day
                        ----+------+--------------------------+--------+-------+-----------+------+------------
                          1 | a;b  | 2026-01-02T03:04:05.678Z | 0xcafe |  1.50 | {'x','y'} | true | 2026-01-02
                        (1 row)
                        """);
    }

    @Test
    void cqlRunsABatchAndAFile(@TempDir Path folder) throws IOException {
        cql(
                "CREATE KEYSPACE IF NOT EXISTS cli_it WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        cql("CREATE TABLE IF NOT EXISTS cli_it.batched (id int PRIMARY KEY, v text)");
        Path file = Files.writeString(folder.resolve("some.cql"), """
                -- two rows; one batch
                BEGIN BATCH
                  INSERT INTO cli_it.batched (id, v) VALUES (1, 'one');
                  INSERT INTO cli_it.batched (id) VALUES (2);
                APPLY BATCH;
                SELECT v FROM cli_it.batched WHERE id = 2;
                """);
        // When
        int code = run("cql", "--file", file.toString(), "--contact-point", contactPoint());
        // Then
        assertThat(code).isZero();
        assertThat(out).isEqualTo("OK\n v\n------\n null\n(1 row)\n");
    }

    @Test
    void aWrongStatementIsOneLine() {
        assertThat(cql("SELEC 1")).isEqualTo(1);
        assertThat(errors).startsWith("cdc: ").hasLineCount(1).doesNotContain("Exception");

        assertThat(sql("SELEC 1")).isEqualTo(1);
        assertThat(errors)
                .startsWith("cdc: ERROR: syntax error")
                .hasLineCount(1)
                .contains("SQLSTATE 42601");
    }

    @Test
    void sqlPrintsRowsAndCounts() {
        int code = sql("""
                CREATE TEMP TABLE t (id bigint, name text, at timestamptz, bytes bytea, ok boolean, tags text[]);
                INSERT INTO t VALUES (1, 'x', '2026-01-02 03:04:05.678+01', '\\xcafe', true, '{a,b}');
                INSERT INTO t SELECT i FROM generate_series(2, 3) i;
                DELETE FROM t WHERE id = 3;
                UPDATE t SET name = 'y' WHERE id = 1;
                SELECT * FROM t ORDER BY id;
                """);

        assertThat(errors).isEmpty();
        assertThat(code).isZero();
        assertThat(out).isEqualTo("""
                        OK, 0 rows affected
                        1 row affected
                        2 rows affected
                        1 row affected
                        1 row affected
                         id | name | at                       | bytes  | ok   | tags
                        ----+------+--------------------------+--------+------+-------
                          1 | y    | 2026-01-02T02:04:05.678Z | 0xcafe | true | {a,b}
                          2 | null | null                     | null   | null | null
                        (2 rows)
                        """);
    }

    @Test
    void deployChecksTheTableAndWritesItsFile() {
        cql(
                "CREATE KEYSPACE IF NOT EXISTS cli_it WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        cql("CREATE TABLE IF NOT EXISTS cli_it.plain (id int PRIMARY KEY)");
        cql("CREATE TABLE IF NOT EXISTS cli_it.logged (id int PRIMARY KEY, v text) WITH cdc = {'enabled': true}");

        assertThat(deploy("nosuch.table")).isEqualTo(1);
        assertThat(errors).isEqualTo("cdc: keyspace nosuch does not exist\n");
        assertThat(deploy("cli_it.nosuch")).isEqualTo(1);
        assertThat(errors)
                .startsWith("cdc: table cli_it.nosuch does not exist; cli_it has ")
                .contains("logged");
        assertThat(deploy("cli_it.plain")).isEqualTo(1);
        assertThat(errors)
                .startsWith("cdc: table cli_it.plain has no CDC")
                .contains("ALTER TABLE cli_it.plain WITH cdc = {'enabled': true}");

        assertThat(deploy("cli_it.logged")).isZero();
        assertThat(out).contains("wrote ").contains("no application answers at http://127.0.0.1:1");
        assertThat(tables.resolve("cli_it.logged.camel.yaml"))
                .content()
                .contains("uri: scylla-cdc:cli_it.logged", "uri: kafka-sink:cli_it.logged");

        assertThat(run("remove", "--table", "cli_it.logged", "--app-url", "http://127.0.0.1:1"))
                .isZero();
        assertThat(tables).isEmptyDirectory();
    }

    private int deploy(String table) {
        return run("deploy", "--table", table, "--contact-point", contactPoint(), "--app-url", "http://127.0.0.1:1");
    }

    private int cql(String statement) {
        return run("cql", statement, "--contact-point", contactPoint());
    }

    private int sql(String statement) {
        return run("sql", statement, "--url", stack.postgresJdbcUrl());
    }

    private static String contactPoint() {
        return stack.scyllaHost() + ":" + stack.scyllaPort();
    }

    private int run(String... args) {
        CommandRun run = CommandRun.of(args);
        out = run.out();
        errors = run.errors();
        return run.code();
    }
}
