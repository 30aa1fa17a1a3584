package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the packaged application exposes to Prometheus, against what was done and against docs/metrics.md. */
class MetricsIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final Pattern DOCUMENTED =
            Pattern.compile("(?m)^\\| `(cdc_\\w+)` \\| (\\w+) \\| ([\\w, ]*)\\| [^|]+ \\| [^|]+ \\|$");
    /** They appear when something is there to be told. */
    private static final Set<String> CONDITIONAL = Set.of("cdc_certificate_expiry_timestamp_seconds");

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static PipelineFixture fixture;
    private static PipelineApp app;
    private static URI metrics;
    private static TableId table;

    @BeforeAll
    static void aPipelineThatHasSeenOneOfEach() throws Exception {
        fixture = new PipelineFixture("metrics_it");
        int port = TestStack.get().port("metrics-management", 0);
        metrics = URI.create("http://127.0.0.1:" + port + "/observe/metrics");
        app = PipelineApp.start(
                "metrics", Map.of("CAMEL_MANAGEMENT_PORT", Integer.toString(port), "SOURCE_SNAPSHOT", "never"));
        table = fixture.table("counted", "id bigint PRIMARY KEY, v text");
        app.deploy(table);
        app.awaitHealthy();
        fixture.insert(table, 0, 100);
        fixture.cql("UPDATE metrics_it.counted SET v = 'other' WHERE id = 1");
        fixture.cql("DELETE FROM metrics_it.counted WHERE id = 2");
        fixture.awaitEqual(table, LANDS);
        fixture.cql("INSERT INTO metrics_it.counted (id, v) VALUES (1000, ?)", "no text of Postgres': \0");
        await().atMost(LANDS).until(() -> scrape().value("cdc_sink_records_total", "outcome=\"poison\"") == 1);
        fixture.cql("DELETE FROM metrics_it.counted WHERE id = 1000");
        fixture.cql("ALTER TABLE metrics_it.counted ADD w int");
        fixture.cql("INSERT INTO metrics_it.counted (id, v, w) VALUES (2000, 'v', 1)");
        fixture.awaitSame(table, LANDS);
        await().atMost(LANDS)
                .until(() -> scrape().value("cdc_reconcile_runs_total", "mode=\"full\"", "outcome=\"equal\"") == 0);
        assertThat(send("POST", "/reconcile", "{\"table\": \"metrics_it.counted\"}")
                        .statusCode())
                .isIn(200, 202);
        await().atMost(LANDS)
                .until(() -> scrape().value("cdc_reconcile_runs_total", "mode=\"full\"", "outcome=\"equal\"") == 1);
    }

    @AfterAll
    static void stop() throws Exception {
        app.close();
        fixture.close();
    }

    @Test
    void changesAreCountedByOperationOnBothSides() throws Exception {
        Exposition now = scrape();
        for (String side : new String[] {"source", "sink"}) {
            String changes = "cdc_" + side + "_changes_total";
            assertThat(now.value(changes, "table=\"metrics_it.counted\"", "op=\"c\""))
                    .as(changes + " of inserts")
                    .isEqualTo(side.equals("source") ? 102 : 101);
            assertThat(now.value(changes, "op=\"u\"")).isEqualTo(1);
            assertThat(now.value(changes, "op=\"d\"")).isEqualTo(2);
            assertThat(now.value(changes, "op=\"r\"")).isZero();
            assertThat(now.value("cdc_" + side + "_bytes_total", "op=\"c\"")).isBetween(5_000.0, 100_000.0);
            assertThat(now.value("cdc_" + side + "_batch_records_sum")).isGreaterThanOrEqualTo(105);
        }
        assertThat(now.value("cdc_sink_records_total", "outcome=\"applied\"")).isEqualTo(104);
        assertThat(now.value("cdc_sink_records_total", "outcome=\"poison\"")).isEqualTo(1);
        assertThat(now.value("cdc_dead_letters_total", "topic=\"dlq-postgres-sink\""))
                .isEqualTo(1);
        assertThat(now.value("cdc_dead_letters_total", "topic=\"dlq-scylla-source\""))
                .isZero();
        assertThat(now.value("cdc_gaps_total")).isZero();
    }

    @Test
    void theWayOfAChangeIsTimedFromItsWriteToItsCommit() throws Exception {
        Exposition now = scrape();
        String latency = "cdc_end_to_end_latency_seconds";
        assertThat(now.value(latency + "_count")).isEqualTo(104);
        // Never below the confidence window, which is where most of it goes
        assertThat(now.value(latency + "_bucket", "le=\"2.0\"")).isZero();
        assertThat(now.value(latency + "_sum") / 104).isBetween(2.0, 60.0);
        assertThat(now.value(latency + "_bucket", "le=\"+Inf\"")).isEqualTo(104);
        for (String stage : new String[] {"read", "encode", "produce", "fold", "apply", "commit"}) {
            String label = "stage=\"" + stage + "\"";
            assertThat(now.value("cdc_stage_seconds_count", label)).as(label).isGreaterThanOrEqualTo(4);
            assertThat(now.value("cdc_stage_seconds_sum", label)).as(label).isBetween(1e-6, 60.0);
        }
    }

    @Test
    void lagIsSmallWhileAllIsWellAndSchemaChangesAreCounted() throws Exception {
        await().atMost(LANDS).untilAsserted(() -> {
            Exposition now = scrape();
            assertThat(now.value("cdc_source_lag_seconds")).isBetween(2.0, 20.0);
            assertThat(now.value("cdc_sink_lag_records")).isZero();
            assertThat(now.value("cdc_sink_lag_seconds")).isZero();
        });
        Exposition now = scrape();
        assertThat(now.value("cdc_source_confidence_window_seconds")).isBetween(2.0, 10.0);
        assertThat(now.value("cdc_source_schema_changes_total")).isEqualTo(1);
        assertThat(now.value("cdc_sink_schema_changes_total", "kind=\"create\""))
                .isEqualTo(1);
        assertThat(now.value("cdc_sink_schema_changes_total", "kind=\"add_column\""))
                .isEqualTo(1);
        assertThat(now.value("cdc_sink_rebalances_total")).isGreaterThanOrEqualTo(1);
        assertThat(now.value("hikaricp_connections", "pool=\"postgres\"")).isPositive();
        assertThat(now.value("cdc_vault_token_ttl_seconds")).isPositive();
        assertThat(now.value("cdc_reconcile_rows_total", "side=\"postgres\"")).isEqualTo(100);
    }

    @Test
    void aPausedConnectorIsAsItIsMeantToBeAndDoesNotRun() throws Exception {
        String connector = "connector=\"scylla-source-counted\"";
        assertThat(scrape().value("cdc_connector_running", connector)).isEqualTo(1);
        assertThat(send("PUT", "/connectors/scylla-source-counted/pause", "").statusCode())
                .isEqualTo(202);
        try {
            await().atMost(LANDS).until(() -> scrape().value("cdc_connector_running", connector) == 0);
            await().atMost(LANDS).until(() -> scrape().value("cdc_connector_up", connector) == 1);
        } finally {
            send("PUT", "/connectors/scylla-source-counted/resume", "");
        }
        await().atMost(LANDS).until(() -> scrape().value("cdc_connector_running", connector) == 1);
    }

    @Test
    void whatIsOnRecordOfTheTableIsToldWhicheverInstanceFoundIt() throws Exception {
        Exposition before = scrape();
        assertThat(differences("extra")).isZero();
        assertThat(before.value("cdc_reconcile_last_success_seconds"))
                .isBetween(Instant.now().getEpochSecond() - 600.0, Instant.now().getEpochSecond() + 60.0);
        try (Statement other = fixture.postgres().createStatement()) {
            // When another instance has found a row, and one more that it is going to repair
            other.execute("""
                    INSERT INTO cdc_metadata.reconciliation_runs (run_id, table_name, mode, percent, repair, delete_extra,
                        dry_run, layout, state, phase, started_at, updated_at)
                    SELECT gen_random_uuid(), 'metrics_it.counted', 'full', 100, repair, false, false, '', 'running',
                        'comparing', now() - INTERVAL '1 hour', now() FROM unnest('{true, false}'::boolean[]) AS repair;
                    INSERT INTO cdc_metadata.reconciliation_log
                        (run_id, table_name, primary_key, discrepancy_type, columns, detected_at)
                    SELECT run_id, table_name, jsonb_build_object('repair', repair),
                        CASE WHEN repair THEN 'missing' ELSE 'extra' END, '{}', now()
                    FROM cdc_metadata.reconciliation_runs
                    WHERE table_name = 'metrics_it.counted' AND state = 'running'""");
            // Then the one is told at once, and the other if the run fails
            await().atMost(LANDS).until(() -> differences("extra") == 1);
            assertThat(differences("missing")).isZero();
            other.execute("UPDATE cdc_metadata.reconciliation_runs SET state = 'failed' WHERE state = 'running'");
            await().atMost(LANDS).until(() -> differences("missing") == 1);
            other.execute("UPDATE cdc_metadata.reconciliation_log SET resolved = true");
            await().atMost(LANDS).until(() -> differences("extra") + differences("missing") == 0);
        }
    }

    private static double differences(String type) throws IOException, InterruptedException {
        return scrape().value("cdc_reconcile_differences", "type=\"" + type + "\"");
    }

    @Test
    void theDocumentHasEveryMetricWithItsTypeAndLabels() throws Exception {
        Exposition now = scrape();
        Map<String, String> documented = new TreeMap<>();
        DOCUMENTED
                .matcher(Files.readString(Path.of("docs/metrics.md")))
                .results()
                .filter(row -> !CONDITIONAL.contains(row.group(1)))
                .forEach(row -> documented.put(row.group(1), row.group(2) + " " + labels(row)));
        Map<String, String> exposed = new TreeMap<>();
        now.types("cdc_").forEach((family, type) -> {
            assertThat(now.explains(family)).as(family + " has a HELP line").isTrue();
            exposed.put(family, type + " " + now.labels(family));
        });
        assertThat(exposed).isEqualTo(documented);
    }

    private static Set<String> labels(MatchResult row) {
        Set<String> labels = new TreeSet<>();
        for (String label : row.group(3).strip().split(", ", -1)) {
            if (!label.isEmpty()) {
                labels.add(label);
            }
        }
        return labels;
    }

    private static Exposition scrape() throws IOException, InterruptedException {
        return new Exposition(HTTP.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(app.url() + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
