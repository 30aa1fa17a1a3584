package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.TableId;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the application writes into its log as JSON, over a whole run. */
class LogsIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final int ROWS = 3_000;
    /** What a start, a table's first batches and a stop take; far from one for each row. */
    private static final int FEW = 60;
    /** Here the class path has logback.xml twice, in the jar and beside it, of which Logback tells when it begins. */
    private static final Pattern LOGBACKS_OWN = Pattern.compile("^(\\d\\d:\\d\\d:\\d\\d,\\d{3} \\|-|$)");

    @Test
    void eachLineIsAnObjectAndNoRowHasALineOfItsOwn() throws Exception {
        try (PipelineFixture fixture = new PipelineFixture("logs");
                PipelineApp app = PipelineApp.start(
                        "logs", Map.of("LOG_FORMAT", "json", "SOURCE_CONFIDENCE_WINDOW_MS", "1500"))) {
            // Given a table that flows
            TableId table = fixture.countedTable("rows");
            app.deploy(table);
            fixture.insert(table, 0, 1);
            fixture.awaitEqual(table, LANDS);

            // When many rows are written, and one that Postgres refuses
            try (Statement statement = fixture.postgres().createStatement()) {
                statement.execute("ALTER TABLE logs.rows ADD CONSTRAINT small CHECK (id < 1000000)");
            }
            fixture.insert(table, 1, ROWS);
            fixture.awaitEqual(table, LANDS);
            fixture.insert(table, 1_000_000, 1_000_001);
            Awaitility.await("the dead letter is in the log")
                    .atMost(LANDS)
                    .until(() -> app.log().contains("Dead letter: "));

            // Then every line is an object with the fields that collectors rely on
            List<JsonNode> lines = app.log()
                    .lines()
                    .filter(line -> !LOGBACKS_OWN.matcher(line).find())
                    .map(LogsIT::parsed)
                    .toList();
            assertThat(lines)
                    .hasSizeLessThan(FEW)
                    .allSatisfy(line -> assertThat(List.of("time", "level", "logger", "thread", "message"))
                            .allMatch(line::hasNonNull));
            // And those of a table say so
            assertThat(lines)
                    .filteredOn(line -> line.path("message").asText().contains("checkpoints read back"))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.path("table").asText()).isEqualTo("logs.rows"))
                    .allSatisfy(line -> assertThat(line.path("route").asText()).isEqualTo("scylla-source-rows"));
            assertThat(lines)
                    .filteredOn(line -> line.path("message").asText().startsWith("Dead letter: "))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.path("level").asText()).isEqualTo("WARN");
                        assertThat(line.path("table").asText()).isEqualTo("logs.rows");
                        assertThat(line.path("route").asText()).isNotEmpty();
                        assertThat(line.path("change_id").asText()).matches("[0-9a-f]+:[0-9a-f-]+:\\d+");
                    });
        }
    }

    private static JsonNode parsed(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }
}
