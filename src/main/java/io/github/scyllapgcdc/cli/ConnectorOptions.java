package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.scyllapgcdc.event.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which connectors a command is about: by their names, or by a table. */
final class ConnectorOptions {
    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "Connectors, as ./cdc status lists them: scylla-source-users.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--table", paramLabel = "KEYSPACE.TABLE", description = "All connectors of a table.")
    private String table;

    @Option(
            names = "--type",
            paramLabel = "source|sink|both",
            description = "Which of the table's connectors (default: both).")
    private Half type;

    @Option(names = "--app-url", paramLabel = "URL", description = "The application's address.")
    private String appUrl;

    enum Half {
        SOURCE,
        SINK,
        BOTH
    }

    AppClient app() {
        return AppClient.find(appUrl, Home.find());
    }

    /** The entries of {@code GET /status} that are meant; all of them where nothing was said. */
    List<JsonNode> chosen(JsonNode status) {
        if (type != null && table == null) {
            throw new CliException("--type goes with --table");
        }
        if (!names.isEmpty() && table != null) {
            throw new CliException("give names or --table, not both");
        }
        List<JsonNode> found = new ArrayList<>();
        status.path("connectors").forEach(found::add);
        List<String> known =
                found.stream().map(entry -> entry.path("name").asText()).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new CliException("there is no connector " + name + ": "
                        + (known.isEmpty() ? "none is deployed" : "there are " + String.join(", ", known)));
            }
        }
        if (!names.isEmpty()) {
            found.removeIf(entry -> !names.contains(entry.path("name").asText()));
        }
        if (table != null) {
            String wanted = tableName();
            found.removeIf(entry -> !entry.path("table").asText().equals(wanted)
                    || (type != null
                            && type != Half.BOTH
                            && !type.name().equalsIgnoreCase(entry.path("type").asText())));
            if (found.isEmpty()) {
                throw new CliException("there is no connector of " + wanted + (type == null ? "" : " of that type")
                        + ": ./cdc deploy --table " + wanted + " makes one");
            }
        }
        return found;
    }

    /** The same, of a command that must not be about everything by mistake. */
    List<JsonNode> named(JsonNode status) {
        if (names.isEmpty() && table == null) {
            throw new CliException("say which: a connector's name, or --table");
        }
        return chosen(status);
    }

    private String tableName() {
        try {
            return TableId.parse(table).toString();
        } catch (IllegalArgumentException e) {
            throw new CliException("--table " + e.getMessage(), e);
        }
    }

    /** How all connectors stand. */
    static JsonNode status(AppClient app) throws InterruptedException {
        return app.get("/status", Map.of()).orRefusal();
    }
}
