package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.scyllapgcdc.Application;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./cdc health}: the running application's report; exit code 0 when all is up, else 1. */
@Command(
        name = "health",
        description = "Show the state of the running application, its servers and its routes.",
        mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
    @Option(names = "--app-url", paramLabel = "URL", description = "The application's address.")
    private String appUrl;

    @Option(names = "--json", description = "Print the report as it is.")
    private boolean asJson;

    @Override
    public Integer call() throws InterruptedException {
        AppClient app = AppClient.find(appUrl, Home.find());
        JsonNode report = app.health()
                .orElseThrow(() -> new CliException(
                        "no running application at " + app.url() + ": start one with ./cdc dev or ./cdc run"));
        System.out.print(asJson ? report.toPrettyString() + "\n" : text(report));
        return "UP".equals(report.path("status").asText()) ? 0 : Application.RUN_TIME_ERROR;
    }

    static String text(JsonNode report) {
        StringBuilder out = new StringBuilder(report.path("status").asText());
        if (report.has("detail")) {
            out.append(": ").append(report.path("detail").asText());
        }
        out.append("\n\n");
        TextTable servers = TextTable.of("server", "status", "address", "detail");
        for (Map.Entry<String, JsonNode> server : report.path("dependencies").properties()) {
            JsonNode state = server.getValue();
            String latency = state.path("latencyMillis").asText() + " ms";
            servers.add(List.of(
                    server.getKey(),
                    state.path("status").asText(),
                    state.path("address").asText(),
                    state.path("detail").asText(latency)));
        }
        out.append(servers.render(false)).append('\n');
        TextTable routes = TextTable.of("route", "status", "state", "detail");
        for (JsonNode route : report.path("routes")) {
            routes.add(List.of(
                    route.path("id").asText(),
                    route.path("status").asText(),
                    route.path("state").asText(),
                    route.path("detail").asText("")));
        }
        out.append(routes.render(false));
        report.path("files")
                .properties()
                .forEach(file -> out.append("\nnot loaded: ")
                        .append(file.getValue().asText())
                        .append('\n'));
        return out.toString();
    }
}
