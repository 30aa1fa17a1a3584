package io.github.scyllapgcdc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.cli.ReconcileProgress.Style;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconcileProgressTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aTerminalHasABarThatIsTakenAwayAtTheEnd() throws IOException {
        try (ReconcileProgress progress = progress(Style.BAR)) {
            progress.show(run("{'progress': 0.25, 'phase': 'reading-scylla', 'scyllaRows': 412000, 'postgresRows': 7,"
                    + " 'rowsPerSecond': 103000, 'secondsLeft': 12}"));
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\033[K[######..................]  25% reading-scylla, 412,000 rows, 103,000 rows/s,"
                        + " 12 s left\r\033[K");
    }

    @Test
    void withoutATerminalThereIsALineNowAndThen() throws IOException {
        try (ReconcileProgress progress = progress(Style.LINES)) {
            progress.show(run("{'progress': 0.25, 'phase': 'comparing', 'secondsLeft': -1}"));
        }
        assertThat(out.size()).as("nothing within the first five seconds").isZero();
    }

    @Test
    void aRunThatIsTakenUpAgainIsNamedUnlessThereIsToBeNothing() throws IOException {
        JsonNode run = run("{'id': '7', 'mode': 'full', 'startedAt': '2026-01-31T08:00:00Z', 'resumed': true}");
        progress(Style.NONE).began(run);
        assertThat(out.size()).isZero();
        progress(Style.LINES).began(run);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("goes on with run 7 (full) of 2026-01-31T08:00:00Z, which was cut short; --restart begins"
                        + " anew\n");
    }

    @Test
    void whatIsNotKnownIsLeftOut() throws IOException {
        assertThat(ReconcileProgress.line(run("{'progress': 0.999, 'phase': 'comparing', 'secondsLeft': -1}")))
                .isEqualTo(" 99% comparing, 0 rows, 0 rows/s");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "59, 59 s", "60, 1 min 0 s", "3599, 59 min 59 s", "7800, 2 h 10 min"})
    void timesAreShort(long seconds, String text) {
        assertThat(ReconcileProgress.time(seconds)).isEqualTo(text);
    }

    private ReconcileProgress progress(Style style) {
        return new ReconcileProgress(style, new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private static JsonNode run(String json) throws IOException {
        return new ObjectMapper().readTree(json.replace('\'', '"'));
    }
}
