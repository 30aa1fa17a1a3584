package io.github.scyllapgcdc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What health, status and latency print of what the application answers. */
class OperatingTextTest {
    @Test
    void healthIsALineAServerAndThenWhatIsNotWell() throws Exception {
        assertThat(HealthCommand.text(json("""
                        {"status": "DOWN",
                         "dependencies": {
                           "kafka": {"name": "Kafka", "status": "UP", "address": "k:9092", "latencyMillis": 1.25},
                           "registry": {"name": "the schema registry", "status": "DOWN", "address": "http://r", "detail": "refused"}},
                         "routes": [
                           {"id": "a", "status": "UP", "state": "Started"},
                           {"id": "b", "status": "UP", "state": "Paused"},
                           {"id": "c", "status": "DOWN", "state": "Stopped", "detail": "gave up"}],
                         "files": {"x.camel.yaml": "x.camel.yaml:3: wrong"}}"""))).isEqualTo("""
                        Kafka: healthy (k:9092, 1.25 ms)
                        Schema registry: unhealthy (http://r: refused)
                        Routes: unhealthy (1 of 3 routes, 1 file not loaded)
                          c: gave up
                          not loaded: x.camel.yaml:3: wrong
                        """);
        assertThat(HealthCommand.text(json("""
                        {"status": "UP", "dependencies": {}, "files": {},
                         "routes": [{"id": "b", "status": "UP", "state": "Paused"}]}"""))).isEqualTo("Routes: healthy (1 routes, 1 paused)\n");
        assertThat(HealthCommand.text(json("""
                        {"status": "DOWN", "dependencies": {}, "routes": [{"id": "b", "status": "UP", "state": "Started"}],
                         "files": {"x": "x:3: wrong", "y": "y:1: wrong"}}"""))).startsWith("Routes: unhealthy (2 files not loaded)\n");
    }

    @Test
    void statusIsATableWithTheReasonOfWhatIsNotWell() throws Exception {
        List<JsonNode> connectors = new ArrayList<>();
        json("""
                        [{"name": "scylla-source-users", "state": "RUNNING", "up": false, "lagRecords": null, "lagSeconds": 3.14,
                          "recordsPerSecond": 12.5, "errors": 2, "deadLetters": 0,
                          "tasks": [{"up": true, "detail": "well"}, {"up": false, "detail": "trying again"}]},
                         {"name": "postgres-sink-users", "state": "PAUSED", "up": true, "lagRecords": 20, "lagSeconds": null,
                          "recordsPerSecond": 0.0, "errors": 0, "deadLetters": 1,
                          "tasks": [{"up": true, "detail": "paused"}]}]""").forEach(connectors::add);
        assertThat(StatusCommand.text(connectors)
                        .lines()
                        .map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly(
                        "connector | state | lag | behind | rate | errors | dead letters | detail",
                        "---------------------+----------+-----+--------+--------+--------+--------------+--------------",
                        "scylla-source-users | RETRYING | - | 3.1 s | 12.5/s | 2 | 0 | trying again",
                        "postgres-sink-users | PAUSED | 20 | - | 0.0/s | 0 | 1 | paused");
        assertThat(StatusCommand.text(List.of())).contains("./cdc deploy");
    }

    @Test
    void percentilesAreOfTheSamplesThemselves() {
        LatencyCommand.Summary hundred = LatencyCommand.Summary.of(
                IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).toArray());
        assertThat(hundred).isEqualTo(new LatencyCommand.Summary(50.5, 50, 95, 99));
        assertThat(LatencyCommand.Summary.of(new double[] {7})).isEqualTo(new LatencyCommand.Summary(7, 7, 7, 7));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }
}
