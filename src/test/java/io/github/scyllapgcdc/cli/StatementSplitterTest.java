package io.github.scyllapgcdc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementSplitterTest {

    @Test
    void splitsAtSemicolonsAndDropsEmptyStatements() {
        assertThat(cql(" SELECT 1 ; ;\nSELECT 2;;\n")).containsExactly("SELECT 1", "SELECT 2");
        assertThat(sql("SELECT 1")).containsExactly("SELECT 1");
        assertThat(sql("")).isEmpty();
    }

    @Test
    void aSemicolonInAStringOrAQuotedNameSplitsNothing() {
        assertThat(cql("INSERT INTO t (a) VALUES ('it''s; one'); SELECT \"a;b\" FROM t"))
                .containsExactly("INSERT INTO t (a) VALUES ('it''s; one')", "SELECT \"a;b\" FROM t");
        assertThat(sql("SELECT ';' AS \"x;y\"; SELECT 2")).containsExactly("SELECT ';' AS \"x;y\"", "SELECT 2");
    }

    @Test
    void dollarQuotesHoldAnything() {
        assertThat(cql("SELECT $$ it's; $$; SELECT 2")).containsExactly("SELECT $$ it's; $$", "SELECT 2");
        assertThat(sql("DO $body$ BEGIN PERFORM 1; $$x$$; END $body$; SELECT 2"))
                .containsExactly("DO $body$ BEGIN PERFORM 1; $$x$$; END $body$", "SELECT 2");
        assertThat(sql("SELECT a$b, c$d; SELECT 2")).containsExactly("SELECT a$b, c$d", "SELECT 2");
    }

    @Test
    void commentsSplitNothingAndAreNoStatements() {
        assertThat(cql("-- one; two\nSELECT 1; // three; four\n/* five; */ SELECT 2 -- end;"))
                .containsExactly("-- one; two\nSELECT 1", "// three; four\n/* five; */ SELECT 2 -- end;");
        assertThat(cql("SELECT 1; -- that was all\n/* really */")).containsExactly("SELECT 1");
        assertThat(sql("/* a /* nested; */ b; */ SELECT 1; SELECT 2"))
                .containsExactly("/* a /* nested; */ b; */ SELECT 1", "SELECT 2");
        assertThat(sql("SELECT 7 // 2; SELECT 2")).containsExactly("SELECT 7 // 2", "SELECT 2");
    }

    @Test
    void aBatchIsOneStatement() {
        String batch = "BEGIN UNLOGGED BATCH INSERT INTO t (a) VALUES (1); DELETE FROM t WHERE a = 2; APPLY BATCH";
        assertThat(cql(batch + "; SELECT 1")).containsExactly(batch, "SELECT 1");
        String quoted =
                "begin batch\n insert into t (a) values ('APPLY BATCH'); update t set b = 1 where a = 1;\napply batch";
        assertThat(cql(quoted + ";")).containsExactly(quoted);
        assertThat(sql("BEGIN; SELECT 1; COMMIT")).containsExactly("BEGIN", "SELECT 1", "COMMIT");
    }

    @Test
    void aBackslashEscapesOnlyInPostgresEscapeStrings() {
        assertThat(sql("SELECT E'a\\'; b'; SELECT 2")).containsExactly("SELECT E'a\\'; b'", "SELECT 2");
        assertThat(sql("SELECT 'a\\'; SELECT 2")).containsExactly("SELECT 'a\\'", "SELECT 2");
    }

    @Test
    void whatIsNotClosedGoesToTheServerAsItIs() {
        assertThat(sql("SELECT 'open; ")).containsExactly("SELECT 'open;");
        assertThat(cql("SELECT $$ open; ")).containsExactly("SELECT $$ open;");
        assertThat(sql("SELECT 1 /* open; ")).containsExactly("SELECT 1 /* open;");
    }

    private static List<String> cql(String text) {
        return StatementSplitter.split(Dialect.CQL, text);
    }

    private static List<String> sql(String text) {
        return StatementSplitter.split(Dialect.SQL, text);
    }
}
