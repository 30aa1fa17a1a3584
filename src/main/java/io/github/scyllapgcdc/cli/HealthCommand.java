package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.scyllapgcdc.Application;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./cdc health}: one line a service; exit code 0 when all is well, else 1. */
@Command(
        name = "health",
        description = "Show whether the servers, the application and its routes are healthy.",
        footer = {
            "",
            "Examples:",
            "  ./cdc health",
            "  ./cdc health --wait=60 && ./run-the-tests",
            "  ./cdc health --json"
        },
        mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final String USUAL_WAIT = "120";

    @Option(names = "--app-url", paramLabel = "URL", description = "The application's address.")
    private String appUrl;

    @Option(
            names = "--wait",
            arity = "0..1",
            paramLabel = "SECONDS",
            fallbackValue = USUAL_WAIT,
            description = "Wait until all is healthy, and no longer than this (" + USUAL_WAIT + " if left out).")
    private Integer wait;

    @Option(names = "--json", description = "Print the report as it is.")
    private boolean asJson;

    @Override
    public Integer call() throws InterruptedException {
        AppClient app = AppClient.find(appUrl, Home.find());
        Optional<JsonNode> report = await(app);
        if (report.isEmpty()) {
            throw new CliException(
                    "no running application at " + app.url() + ": start one with ./cdc dev or ./cdc run");
        }
        System.out.print(asJson ? report.get().toPrettyString() + "\n" : text(report.get()));
        return isUp(report.get()) ? 0 : Application.RUN_TIME_ERROR;
    }

    private Optional<JsonNode> await(AppClient app) throws InterruptedException {
        long end =
                System.nanoTime() + Duration.ofSeconds(wait == null ? 0 : wait).toNanos();
        while (true) {
            Optional<JsonNode> report = app.health();
            boolean well = report.filter(HealthCommand::isUp).isPresent();
            if (well || System.nanoTime() >= end) {
                return report;
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private static boolean isUp(JsonNode part) {
        return "UP".equals(part.path("status").asText());
    }

    static String text(JsonNode report) {
        StringBuilder out = new StringBuilder();
        for (JsonNode server : report.path("dependencies")) {
            line(
                    out,
                    asTitle(server.path("name").asText()),
                    isUp(server),
                    server.path("address").asText() + ", "
                            + server.path("latencyMillis").asText() + " ms",
                    server.path("address").asText() + ": "
                            + server.path("detail").asText());
        }
        List<JsonNode> routes = new ArrayList<>();
        report.path("routes").forEach(routes::add);
        List<JsonNode> bad = routes.stream().filter(route -> !isUp(route)).toList();
        boolean loading = report.has("detail");
        long paused = routes.stream()
                .filter(route -> route.path("state").asText().equals("Paused"))
                .count();
        int files = report.path("files").size();
        line(
                out,
                "Routes",
                bad.isEmpty() && !loading && files == 0,
                routes.size() + " routes" + (paused == 0 ? "" : ", " + paused + " paused"),
                loading ? report.path("detail").asText() : ailing(bad.size(), routes.size(), files));
        for (JsonNode route : bad) {
            out.append("  ")
                    .append(route.path("id").asText())
                    .append(": ")
                    .append(route.path("detail").asText(route.path("state").asText()))
                    .append('\n');
        }
        for (Map.Entry<String, JsonNode> file : report.path("files").properties()) {
            out.append("  not loaded: ").append(file.getValue().asText()).append('\n');
        }
        return out.toString();
    }

    private static String ailing(int bad, int all, int files) {
        String routes = bad + " of " + all + " routes";
        String notLoaded = files + (files == 1 ? " file" : " files") + " not loaded";
        return files == 0 ? routes : bad == 0 ? notLoaded : routes + ", " + notLoaded;
    }

    private static String asTitle(String name) {
        String bare = name.replaceFirst("^the ", "");
        return bare.substring(0, 1).toUpperCase(Locale.ROOT) + bare.substring(1);
    }

    private static void line(StringBuilder out, String name, boolean well, String figures, String failure) {
        out.append(name)
                .append(well ? ": healthy (" + figures + ")" : ": unhealthy (" + failure + ")")
                .append('\n');
    }
}
