package io.github.scyllapgcdc.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Grafana's dashboards as the project has them. */
final class Dashboards {
    private static final Path FOLDER = Path.of("docker/grafana/dashboards");

    private Dashboards() {}

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** The queries of all panels as Grafana would send them, each with its place. */
    static Map<String, String> queries() throws IOException {
        Map<String, String> queries = new TreeMap<>();
        for (Path file : files()) {
            for (JsonNode panel : new ObjectMapper().readTree(file.toFile()).path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    queries.put(
                            file.getFileName() + ": " + panel.path("title").asText() + " "
                                    + target.path("refId").asText(),
                            target.path("expr").asText().replace("$table", ".*").replace("$__rate_interval", "10s"));
                }
            }
        }
        return queries;
    }
}
