package io.github.scyllapgcdc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CdcTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "deploy --table users|1|\"users\" is not a table: write <keyspace>.<table>",
                "deploy --table ../../etc.passwd|1|\"../../etc.passwd\" is not a table",
                "deploy --table a.b --type both --contact-point 127.0.0.1:1|1|no ScyllaDB at 127.0.0.1:1 (--contact-point)",
                "deploy --table a.b --type none|2|expected one of [SOURCE, SINK, BOTH]",
                "cql SELECT --contact-point 127.0.0.1:1|1|no ScyllaDB at 127.0.0.1:1 (--contact-point): Connection refused",
                "cql SELECT --contact-point 127.0.0.1:x|2|--contact-point=127.0.0.1:x is refused: expected host:port",
                "cql --file nosuch.cql --contact-point 127.0.0.1:1|1|no ScyllaDB",
                "sql --file nosuch.sql|1|--file nosuch.sql: there is no such file",
                "sql SELECT --url jdbc:postgresql://127.0.0.1:1/x|1|Connection refused",
                "health --app-url http://127.0.0.1:1|1|no running application at http://127.0.0.1:1: start one with",
                "dlq list --app-url http://127.0.0.1:1|1|no running application at http://127.0.0.1:1: start one with",
                "dlq replay --tabel a.b|2|Unknown option: '--tabel'",
                "dlq show|2|Missing required parameter: 'ID'",
                "reconcile|2|--table is missing: which table? --list shows the latest runs of all",
                "reconcile --table users|2|--table \"users\" is not a table",
                "reconcile --table a.b --mode half|2|expected one of [FULL, INCREMENTAL, SAMPLE]",
                "reconcile --table a.b --mode incremental|2|--since is missing: mode incremental needs an instant",
                "reconcile --table a.b --percent 5|2|--percent=5 is refused: expected nothing, for mode full",
                "reconcile --table a.b --delete-extra|2|--delete-extra needs --repair, or --dry-run",
                "reconcile --table a.b --app-url http://127.0.0.1:1|1|no running application at http://127.0.0.1:1",
                "helth|2|Did you mean: cdc health",
            })
    void aMistakeIsOneLineThatSaysWhatToDo(String commandLine, int code, String message) {
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            assertThat(Cdc.execute(commandLine.split(" ", -1))).isEqualTo(code);
        } finally {
            System.setErr(before);
        }

        String said = errors.toString(StandardCharsets.UTF_8);
        assertThat(said).contains(message).startsWith("cdc: ");
        assertThat(said).doesNotContain("\tat ").doesNotContain("Exception");
    }
}
