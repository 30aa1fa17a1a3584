package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules and dashboards: what they query is there, what they point to as well, and Prometheus' own tools find them right. */
class MonitoringTest {
    private static final Pattern METRIC = Pattern.compile("\\b(?:cdc|kafka_connect)_\\w+");
    private static final Pattern ALERT = Pattern.compile("(?m)^      - alert: (\\w+)\\n((?:        .*\\n|\\n)+)");
    private static final Pattern RUNBOOK = Pattern.compile("runbook_url: (\\S+\\.md)#(\\S+)");

    @Test
    void everyMetricThatIsQueriedIsDocumented() throws IOException {
        String documented = Files.readString(Path.of("docs/metrics.md"));
        Set<String> known = new HashSet<>();
        Matcher names = Pattern.compile("`((?:cdc|kafka_connect)_\\w+)`").matcher(documented);
        while (names.find()) {
            known.add(names.group(1));
        }
        Set<String> unknown = new TreeSet<>();
        List<String> queries = new ArrayList<>(Dashboards.queries().values());
        for (String file : List.of("alerts.yml", "connect.yml")) {
            queries.add(Files.readString(Path.of("docker/prometheus/rules", file)));
        }
        for (String query : queries) {
            METRIC.matcher(query)
                    .results()
                    .map(name -> name.group().replaceFirst("_(bucket|count|sum|max)$", ""))
                    .filter(name -> !known.contains(name))
                    .forEach(unknown::add);
        }
        assertThat(queries).hasSizeGreaterThan(40);
        assertThat(unknown).as("metrics that docs/metrics.md does not have").isEmpty();
    }

    @Test
    void everyAlertSaysHowBadItIsAndWhereToReadOn() throws IOException {
        List<String> alerts = new ArrayList<>();
        Matcher alert = ALERT.matcher(Files.readString(Path.of("docker/prometheus/rules/alerts.yml")));
        while (alert.find()) {
            String name = alert.group(1);
            alerts.add(name);
            assertThat(alert.group(2))
                    .as(name)
                    .containsPattern("(?m)^        for: \\d+[mhd]$")
                    .containsPattern("severity: (critical|warning|info)")
                    .contains("summary: ");
            Matcher runbook = RUNBOOK.matcher(alert.group(2));
            assertThat(runbook.find()).as(name + " has a runbook").isTrue();
            assertThat(anchors(Path.of(runbook.group(1)))).as(name).contains(runbook.group(2));
            assertThat(Files.readString(Path.of("docker/prometheus/tests/alerts.yml")))
                    .as("the tests of " + name)
                    .containsPattern("alertname: " + name + "\\n        exp_alerts:\\n          - ");
        }
        assertThat(alerts).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    }

    private static Set<String> anchors(Path document) throws IOException {
        Set<String> anchors = new HashSet<>();
        Matcher heading = Pattern.compile("(?m)^#+ (.*)$").matcher(Files.readString(document));
        while (heading.find()) {
            anchors.add(heading.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9 _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }

    @Test
    void dashboardsAreWholeAndTheirPanelsDoNotOverlap() throws IOException {
        assertThat(Dashboards.files()).hasSize(4);
        Set<String> ids = new HashSet<>();
        for (Path file : Dashboards.files()) {
            JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
            assertThat(file.getFileName()).hasToString(dashboard.path("uid").asText() + ".json");
            assertThat(ids.add(dashboard.path("title").asText())).isTrue();
            Set<List<Integer>> taken = new HashSet<>();
            for (JsonNode panel : dashboard.path("panels")) {
                JsonNode place = panel.path("gridPos");
                for (int x = place.path("x").asInt();
                        x < place.path("x").asInt() + place.path("w").asInt();
                        x++) {
                    for (int y = place.path("y").asInt();
                            y < place.path("y").asInt() + place.path("h").asInt();
                            y++) {
                        assertThat(x).isLessThan(24);
                        assertThat(taken.add(List.of(x, y)))
                                .as("%s: %s at %d, %d", file, panel.path("title"), x, y)
                                .isTrue();
                    }
                }
                assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "promtool check rules docker/prometheus/rules/alerts.yml docker/prometheus/rules/connect.yml",
                "promtool test rules docker/prometheus/tests/alerts.yml",
                "promtool check config docker/prometheus/prometheus.yml",
                "amtool check-config docker/alertmanager/alertmanager.yml"
            })
    void prometheusToolsFindThemRight(String command) throws Exception {
        List<String> words = List.of(command.split(" ", -1));
        Optional<Path> tool = Prometheus.find(words.get(0));
        assumeTrue(
                tool.isPresent(), words.get(0) + " is not on the path: install the package prometheus or alertmanager");
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void connectsNamesAreRecorded() throws IOException {
        String rules = Files.readString(Path.of("docker/prometheus/rules/connect.yml"));
        Map<String, String> from = Map.of(
                "kafka_connect_sink_connector_lag_seconds", "cdc_sink_lag_seconds",
                "kafka_connect_connector_status", "cdc_connector_running",
                "kafka_connect_connector_task_error_total", "cdc_connector_failures_total",
                "kafka_connect_dead_letter_queue_records_total", "cdc_dead_letters_total");
        from.forEach((name, metric) -> assertThat(rules)
                .containsPattern("record: " + name + "\\n\\s+expr: \\w+ by \\([\\w, ]+\\) \\(" + metric));
    }
}
