package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A run whose process is killed goes on where it was, in the next process that is asked for it. */
class ReconcileKillFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final int ROWS = 12_000;
    private static final int ROWS_PER_SECOND = 2_000;
    private static final int SLICES_OF_THE_RING = 128;
    private static final String SLICES = """
            SELECT number, xmin::text FROM cdc_metadata.reconciliation_checkpoints WHERE part = 'SCYLLA' AND run_id = '%s'""";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void aKilledRunGoesOnWhereItWasAndReadsNoFinishedRangeAgain() throws Exception {
        try (PipelineFixture fixture = new PipelineFixture("reconcile_kill");
                PipelineApp app = PipelineApp.start(
                        "reconcile-kill", Map.of("RECONCILE_MAX_ROWS_PER_SECOND", Integer.toString(ROWS_PER_SECOND)))) {
            // Given a table of some seconds' reading, with one row of each kind that differs
            TableId table = fixture.countedTable("numbers");
            app.deploy(table);
            fixture.insert(table, 0, ROWS);
            fixture.awaitEqual(table, LANDS);
            try (ReconcileFixture reconcile = new ReconcileFixture()) {
                reconcile.awaitPassed(table); // what was loaded comes once more from the log
            }
            try (Statement postgres = fixture.postgres().createStatement()) {
                postgres.execute("DELETE FROM " + table + " WHERE id = 17");
                postgres.execute("UPDATE " + table + " SET v = 'x' WHERE id = 18");
                postgres.execute("INSERT INTO " + table + " VALUES (-1, 'x')");
            }

            // When the process is killed while ScyllaDB is read
            String run = post(app, "{\"table\": \"" + table + "\"}").path("id").asText();
            Awaitility.await("slices are read")
                    .atMost(LANDS)
                    .until(() -> slices(fixture, run).size() > 10);
            app.kill();
            Map<Long, String> before = slices(fixture, run);
            assertThat(before).as("the slices that were read before the kill").hasSizeLessThan(SLICES_OF_THE_RING);

            // And asked for again once another one runs
            app.restart();
            app.awaitHealthy();
            JsonNode resumed = post(app, "{\"table\": \"" + table + "\"}");

            // Then it is the same run, which reads the others alone
            assertThat(resumed.path("id").asText()).isEqualTo(run);
            Awaitility.await("Postgres is read")
                    .atMost(LANDS)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> slices(fixture, run).size() == SLICES_OF_THE_RING);
            assertThat(slices(fixture, run))
                    .as("checkpoints, with who wrote them")
                    .containsAllEntriesOf(before);
            Awaitility.await("the run's end")
                    .atMost(LANDS)
                    .until(() -> !status(app, run).path("state").asText().equalsIgnoreCase("running"));
            JsonNode ended = status(app, run);
            assertThat(ended.path("resumed").asBoolean()).isTrue();
            assertThat(ended.path("scyllaRows").asInt()).isEqualTo(ROWS);
            assertThat(ended.path("postgresRows").asInt()).isEqualTo(ROWS);
            assertThat(ended.path("missing").asInt()).isEqualTo(1);
            assertThat(ended.path("mismatch").asInt()).isEqualTo(1);
            assertThat(ended.path("extra").asInt()).isEqualTo(1);
        }
    }

    private static Map<Long, String> slices(PipelineFixture fixture, String run) throws SQLException {
        Map<Long, String> slices = new TreeMap<>();
        try (Statement statement = fixture.postgres().createStatement();
                ResultSet rows = statement.executeQuery(SLICES.formatted(run))) {
            while (rows.next()) {
                slices.put(rows.getLong(1), rows.getString(2));
            }
        }
        return slices;
    }

    private JsonNode post(PipelineApp app, String body) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(app.url() + "/reconcile"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return json.readTree(answer.body());
    }

    private JsonNode status(PipelineApp app, String run) throws IOException, InterruptedException {
        return json.readTree(http.send(
                        HttpRequest.newBuilder(URI.create(app.url() + "/reconcile/run?id=" + run))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }
}
