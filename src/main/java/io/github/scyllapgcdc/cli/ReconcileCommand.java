package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.scyllapgcdc.Application;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.reconcile.Mode;
import io.github.scyllapgcdc.reconcile.ReconcileRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./cdc reconcile}; exit code 0 when the table is equal, {@value #DIFFERENT} when differences are left, 1 for a failure. */
@Command(
        name = "reconcile",
        description = {
            "Compare a table in PostgreSQL with ScyllaDB while the pipeline runs, and repair what differs.",
            "The running application does the work. Exit code 0: equal, 3: differences are left, 1: the run failed or was"
                    + " stopped, 2: the command is wrong."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  cdc reconcile --table ecommerce.users",
            "  cdc reconcile --table ecommerce.users --mode incremental --since 2h --repair",
            "  cdc reconcile --table ecommerce.users --mode sample --percent 5",
            "  cdc reconcile --table ecommerce.users --repair --delete-extra --dry-run",
            "  cdc reconcile --list"
        })
final class ReconcileCommand implements Callable<Integer> {
    static final int DIFFERENT = 3;
    private static final int SHOWN = 20;
    private static final int PAGE = 1000;
    private static final int UNAVAILABLE = 503;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Spec
    private CommandSpec spec;

    @Option(names = "--table", paramLabel = "KEYSPACE.TABLE", description = "The table in ScyllaDB.")
    private String table;

    @Option(
            names = "--mode",
            paramLabel = "full|incremental|sample",
            defaultValue = "full",
            description = "Every row (default), those that changed since a time, or a part of them.")
    private Mode mode;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "For incremental: 2026-01-31T08:00:00Z, or how long ago, as 15m, 2h or 3d.")
    private String since;

    @Option(names = "--percent", paramLabel = "P", description = "For sample: how much of the table (default: 1).")
    private String percent;

    @Option(names = "--repair", description = "Ask ScyllaDB for the rows that are missing or differ.")
    private boolean repair;

    @Option(names = "--delete-extra", description = "With --repair: delete rows that only PostgreSQL has.")
    private boolean deleteExtra;

    @Option(names = "--dry-run", description = "Show what would be repaired, and repair nothing.")
    private boolean dryRun;

    @Option(names = "--restart", description = "Begin anew rather than take up a run that was cut short.")
    private boolean restart;

    @Option(names = "--list", description = "List the latest runs, of one table or of all.")
    private boolean list;

    @Option(names = "--log-json", description = "Print one JSON line a difference and one for the summary, no more.")
    private boolean logJson;

    @Option(names = "--app-url", paramLabel = "URL", description = "The running application's address.")
    private String appUrl;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, Object> request = request();
        AppClient app = AppClient.find(appUrl, Home.find());
        if (list) {
            return list(app);
        }
        JsonNode begun = app.post("/reconcile", request).orRefusal();
        String id = begun.path("id").asText();
        JsonNode ended;
        try (ReconcileProgress progress = ReconcileProgress.of(logJson);
                StopOnSignal ignored = StopOnSignal.of(app, id, progress)) {
            progress.began(begun);
            ended = follow(app, id, progress);
        }
        if (logJson) {
            printJson(app, ended);
        } else {
            JsonNode page = app.get("/reconcile/differences", Map.of("run", id, "limit", Integer.toString(SHOWN)))
                    .orRefusal();
            System.out.print(ReconcileText.differences(page.path("differences"), ended) + ReconcileText.summary(ended));
        }
        return exitCode(ended);
    }

    /** The request as the application takes it; its own reader says what is wrong before anything is asked. */
    private Map<String, Object> request() {
        if (list) {
            return Map.of();
        }
        if (table == null) {
            throw wrong("--table is missing: which table? --list shows the latest runs of all");
        }
        if (deleteExtra && !repair && !dryRun) {
            throw wrong("--delete-extra needs --repair, or --dry-run");
        }
        try {
            TableId.parse(table);
        } catch (IllegalArgumentException e) {
            throw wrong("--table " + e.getMessage());
        }
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("table", table);
        request.put("mode", mode.text());
        request.put("since", since);
        request.put("percent", percent);
        request.put("repair", repair || dryRun);
        request.put("deleteExtra", deleteExtra);
        request.put("dryRun", dryRun);
        request.put("restart", restart);
        try {
            ReconcileRequest.of(request, Instant.now());
        } catch (IllegalArgumentException e) {
            throw wrong("--" + e.getMessage());
        }
        return request;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private int list(AppClient app) throws InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("table", table);
        JsonNode runs = app.get("/reconcile", parameters).orRefusal().path("runs");
        if (logJson) {
            runs.forEach(System.out::println);
        } else {
            System.out.print(ReconcileText.runs(runs));
        }
        return 0;
    }

    /** A server that is away for a moment is the application's trouble, and not the end of the run. */
    private static JsonNode follow(AppClient app, String id, ReconcileProgress progress) throws InterruptedException {
        long answered = System.nanoTime();
        while (true) {
            AppClient.Answer answer = app.get("/reconcile/run", Map.of("id", id));
            if (answer.code() != UNAVAILABLE || System.nanoTime() - answered > PATIENCE.toNanos()) {
                JsonNode run = answer.orRefusal();
                if (!run.path("state").asText().equals("running")) {
                    return run;
                }
                progress.show(run);
                answered = System.nanoTime();
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private static void printJson(AppClient app, JsonNode ended) throws InterruptedException {
        String run = ended.path("id").asText();
        long after = 0;
        JsonNode page;
        do {
            page = app.get(
                            "/reconcile/differences",
                            Map.of("run", run, "after", Long.toString(after), "limit", Integer.toString(PAGE)))
                    .orRefusal()
                    .path("differences");
            for (JsonNode difference : page) {
                System.out.println(marked("difference", difference));
                after = difference.path("id").asLong();
            }
        } while (page.size() == PAGE);
        System.out.println(marked("summary", ended));
    }

    private static JsonNode marked(String what, JsonNode line) {
        ObjectNode marked = line.<ObjectNode>deepCopy();
        marked.removeAll();
        marked.put("record", what);
        marked.setAll((ObjectNode) line);
        return marked;
    }

    private static int exitCode(JsonNode ended) {
        return switch (ended.path("state").asText()) {
            case "equal" -> 0;
            case "different" -> DIFFERENT;
            default -> Application.RUN_TIME_ERROR;
        };
    }
}
