package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.scyllapgcdc.Application;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./cdc status}: how the connectors stand; exit code 0 when all of those shown are as they should be, else 1. */
@Command(
        name = "status",
        description = "Show each source and sink: state, lag, rate, errors, dead letters.",
        footer = {
            "",
            "LAG is what waits in Kafka (records), and how far behind it is (seconds): a source behind ScyllaDB's log, a sink behind"
                    + " its topic.",
            "",
            "Examples:",
            "  ./cdc status",
            "  ./cdc status --table ecommerce.users --json",
            "  ./cdc status postgres-sink-users"
        },
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private ConnectorOptions options;

    @Option(names = "--json", description = "Print JSON.")
    private boolean asJson;

    @Override
    public Integer call() throws InterruptedException {
        JsonNode status = ConnectorOptions.status(options.app());
        List<JsonNode> connectors = options.chosen(status);
        if (asJson) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode().addAll(connectors);
            System.out.println(array.toPrettyString());
        } else {
            System.out.print(text(connectors));
            for (Map.Entry<String, JsonNode> file : status.path("files").properties()) {
                System.out.println("not loaded: " + file.getValue().asText());
            }
            if (status.has("trouble")) {
                System.out.println(status.path("trouble").asText());
            }
        }
        boolean well = connectors.stream().allMatch(entry -> entry.path("up").asBoolean())
                && status.path("files").isEmpty();
        return well ? 0 : Application.RUN_TIME_ERROR;
    }

    static String text(List<JsonNode> connectors) {
        if (connectors.isEmpty()) {
            return "nothing is deployed: ./cdc deploy --table KEYSPACE.TABLE\n";
        }
        TextTable table = new TextTable(
                List.of("connector", "state", "lag", "behind", "rate", "errors", "dead letters", "detail"),
                List.of(false, false, true, true, true, true, true, false));
        for (JsonNode connector : connectors) {
            table.add(List.of(
                    connector.path("name").asText(),
                    state(connector),
                    connector.path("lagRecords").isNull()
                            ? "-"
                            : connector.path("lagRecords").asText(),
                    connector.path("lagSeconds").isNull()
                            ? "-"
                            : String.format(
                                    Locale.ROOT,
                                    "%.1f s",
                                    connector.path("lagSeconds").asDouble()),
                    String.format(
                            Locale.ROOT,
                            "%.1f/s",
                            connector.path("recordsPerSecond").asDouble()),
                    connector.path("errors").asText(),
                    connector.path("deadLetters").asText(),
                    detail(connector)));
        }
        return table.render(false);
    }

    private static String state(JsonNode connector) {
        String state = connector.path("state").asText();
        if (state.equals("RUNNING") && !connector.path("up").asBoolean()) {
            return "RETRYING";
        }
        int tasks = connector.path("tasks").size();
        return tasks > 1 ? state + " (" + tasks + " tasks)" : state;
    }

    /** Of the first task that is not as it should be, or of the first. */
    private static String detail(JsonNode connector) {
        for (JsonNode task : connector.path("tasks")) {
            if (!task.path("up").asBoolean()) {
                return task.path("detail").asText();
            }
        }
        return connector.path("tasks").path(0).path("detail").asText();
    }
}
