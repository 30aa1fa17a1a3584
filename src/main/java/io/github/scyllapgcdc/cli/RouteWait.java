package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Waits until the running application has followed a change of the route files, and tells how that went. */
final class RouteWait {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final AppClient app;

    RouteWait(AppClient app) {
        this.app = app;
    }

    /**
     * Returns when all of the routes run or are as people want them, with a line for each; with none when no application answers.
     *
     * @throws CliException if the application refuses the file, or the routes do not come up in time
     */
    List<String> untilRunning(Path file, List<String> routeIds) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        List<String> missing = routeIds;
        while (System.nanoTime() < end) {
            Optional<JsonNode> report = app.health();
            if (report.isEmpty()) {
                return List.of();
            }
            JsonNode error = report.get().path("files").path(file.getFileName().toString());
            if (error.isTextual()) {
                throw new CliException("the application refused it: " + error.asText());
            }
            missing = new ArrayList<>();
            for (String id : routeIds) {
                Optional<JsonNode> route = route(report.get(), id, file);
                if (route.isEmpty() || !"UP".equals(route.get().path("status").asText())) {
                    missing.add(id
                            + route.map(state -> " ("
                                            + state.path("detail")
                                                    .asText(state.path("state").asText()) + ")")
                                    .orElse(" (not loaded yet)"));
                }
            }
            if (missing.isEmpty()) {
                return routeIds.stream()
                        .map(id -> route(report.get(), id, file)
                                .map(RouteWait::line)
                                .orElse(id))
                        .toList();
            }
            Thread.sleep(PAUSE.toMillis());
        }
        throw new CliException("not running after " + LIMIT.toSeconds() + " s: " + String.join(", ", missing));
    }

    /**
     * Returns true when none of the file's routes is left, false when no application answers.
     *
     * @throws CliException if they do not end in time
     */
    boolean untilGone(Path file, List<String> routeIds) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            Optional<JsonNode> report = app.health();
            if (report.isEmpty()) {
                return false;
            }
            if (routeIds.stream().allMatch(id -> route(report.get(), id, file).isEmpty())) {
                return true;
            }
            Thread.sleep(PAUSE.toMillis());
        }
        throw new CliException("still running after " + LIMIT.toSeconds() + " s: " + String.join(", ", routeIds));
    }

    private static String line(JsonNode route) {
        String state = route.path("state").asText();
        String id = route.path("id").asText();
        return state.equals("Started")
                ? "running " + id
                : state.toLowerCase(Locale.ROOT) + " " + id + " ("
                        + route.path("detail").asText() + ")";
    }

    private static Optional<JsonNode> route(JsonNode report, String id, Path file) {
        for (JsonNode route : report.path("routes")) {
            if (route.path("id").asText().equals(id)
                    && route.path("file").asText().equals(file.getFileName().toString())) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }
}
