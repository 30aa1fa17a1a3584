package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.scyllapgcdc.dev.Chromium;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the packaged application while rows are written: every query of the dashboards and rules finds something. */
class MonitoringFaultIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private static Path folder;

    private static PipelineFixture fixture;
    private static PipelineApp app;
    private static Prometheus prometheus;
    private static Writer writer;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                Prometheus.find("prometheus").isPresent(),
                "no Prometheus on this machine: install the package prometheus");
        fixture = new PipelineFixture("monitored");
        int management = TestStack.get().port("monitoring-management", 0);
        app = PipelineApp.start("monitoring", Map.of("CAMEL_MANAGEMENT_PORT", Integer.toString(management)));
        TableId table = fixture.countedTable("orders");
        app.deploy(table);
        app.awaitHealthy();
        prometheus = new Prometheus(folder, TestStack.get().port("prometheus", 0), "127.0.0.1:" + management);
        writer = new Writer(fixture, table);
        reconcile(table);
    }

    private static void reconcile(TableId table) throws Exception {
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(app.url() + "/reconcile"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"table\": \"" + table + "\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        await().atMost(PATIENCE)
                .until(() -> prometheus
                                .query("cdc_reconcile_last_success_seconds > 0")
                                .size()
                        == 1);
    }

    @AfterAll
    static void stop() throws Exception {
        if (fixture != null) {
            writer.stop();
            prometheus.close();
            app.close();
            fixture.close();
        }
    }

    @Test
    void everyQueryOfTheDashboardsFindsSomething() throws Exception {
        Map<String, String> queries = Dashboards.queries();
        assertThat(queries).hasSizeGreaterThan(40);
        await().atMost(PATIENCE).untilAsserted(() -> {
            Map<String, String> empty = new TreeMap<>();
            for (Map.Entry<String, String> query : queries.entrySet()) {
                if (prometheus.query(query.getValue()).isEmpty()) {
                    empty.put(query.getKey(), query.getValue());
                }
            }
            assertThat(empty).isEmpty();
        });
        assertThat(prometheus
                        .query(queries.get("cdc-pipeline.json: Published, by operation A"))
                        .at("/0/value/1")
                        .asDouble())
                .isNotNegative();
    }

    @Test
    void theNamesOfKafkaConnectAreThere() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(connectors("kafka_connect_connector_status == 1"))
                    .containsExactly("postgres-sink-orders", "scylla-source-orders");
            assertThat(connectors("kafka_connect_sink_connector_lag_seconds")).containsExactly("postgres-sink-orders");
            assertThat(connectors("kafka_connect_connector_task_error_total")).hasSize(2);
            assertThat(prometheus.query("kafka_connect_dead_letter_queue_records_total"))
                    .hasSize(2);
        });
    }

    private static Set<String> connectors(String query) throws Exception {
        Set<String> connectors = new TreeSet<>();
        for (JsonNode series : prometheus.query(query)) {
            connectors.add(series.at("/metric/connector").asText());
        }
        return connectors;
    }

    @Test
    void theOverviewIsDrawnFromWhatIsMeasured(@TempDir Path profile) throws Exception {
        Optional<Path> chromium = Chromium.find();
        assumeTrue(chromium.isPresent(), "no Chromium on this machine: install the package chromium");
        // some history, so that there are lines to be drawn
        await().atMost(PATIENCE)
                .until(() -> prometheus
                                .query("count_over_time(cdc_source_lag_seconds{task=\"0\"}[5m])")
                                .at("/0/value/1")
                                .asInt()
                        > 70);
        Path page = folder.resolve("overview.html");
        Files.writeString(
                page,
                Files.readString(Path.of("src/test/resources/monitoring/panels.html"))
                        .replace("__PROMETHEUS__", prometheus.url())
                        .replace(
                                "__DASHBOARD__",
                                Files.readString(Path.of("docker/grafana/dashboards/cdc-pipeline.json"))));
        try (Chromium browser = new Chromium(chromium.get(), profile)) {
            browser.open(page.toUri().toString());
            await().atMost(PATIENCE)
                    .until(
                            () -> browser.evaluate("document.body.dataset.drawn || ''")
                                    .asText(),
                            "yes"::equals);
            Path picture = Path.of("target/overview.png");
            browser.screenshot(picture);
            assertThat(browser.evaluate("document.querySelectorAll('path').length")
                            .asInt())
                    .as("lines that are drawn")
                    .isGreaterThan(10);
            assertThat(browser.text()).contains("CDC Pipeline Overview", "End-to-end latency", "p99");
            assertThat(browser.evaluate("[...document.querySelectorAll('.empty')].map(e => e.innerText).join()")
                            .asText())
                    .as("panels without data")
                    .isEmpty();
            assertThat(Files.size(picture)).isGreaterThan(20_000);
        }
    }
}
