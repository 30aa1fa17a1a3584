package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What pause, resume and restart have in common: decide, and wait until this instance has followed. */
abstract class SteerCommand implements Runnable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);

    @Mixin
    private ConnectorOptions options;

    private final String method;
    private final String verb;
    private final String done;

    private SteerCommand(String method, String verb, String done) {
        this.method = method;
        this.verb = verb;
        this.done = done;
    }

    /** {@code ./cdc pause}. */
    @Command(
            name = "pause",
            description =
                    "Stop sources or sinks, in all instances, until they are resumed. They stay paused over restarts.",
            footer = {
                "",
                "A source goes on where it stopped, if it is resumed before the log's TTL is over; a sink before the topic's"
                        + " retention is.",
                "",
                "Examples:",
                "  ./cdc pause --table ecommerce.users",
                "  ./cdc pause postgres-sink-users"
            },
            mixinStandardHelpOptions = true)
    static final class Pause extends SteerCommand {
        Pause() {
            super("PUT", "pause", "paused");
        }

        @Override
        boolean follows(JsonNode connector, Duration since) {
            return connector.path("state").asText().matches("PAUSED|DISABLED");
        }
    }

    /** {@code ./cdc resume}. */
    @Command(
            name = "resume",
            description = "Let paused sources or sinks go on where they stopped.",
            footer = {"", "Examples:", "  ./cdc resume --table ecommerce.users", "  ./cdc resume postgres-sink-users"},
            mixinStandardHelpOptions = true)
    static final class Resume extends SteerCommand {
        Resume() {
            super("PUT", "resume", "running");
        }

        @Override
        boolean follows(JsonNode connector, Duration since) {
            return runs(connector);
        }
    }

    /** {@code ./cdc restart}. */
    @Command(
            name = "restart",
            description = "Stop and start sources or sinks, in all instances: for one that gave up, above all.",
            footer = {"", "Examples:", "  ./cdc restart --table ecommerce.users", "  ./cdc restart scylla-source-users"
            },
            mixinStandardHelpOptions = true)
    static final class Restart extends SteerCommand {
        Restart() {
            super("POST", "restart", "restarted");
        }

        @Override
        boolean follows(JsonNode connector, Duration since) {
            for (JsonNode task : connector.path("tasks")) {
                boolean started = task.path("state").asText().equals("DISABLED")
                        || task.path("uptimeMillis").asLong() < since.toMillis();
                if (!started) {
                    return false;
                }
            }
            return runs(connector);
        }
    }

    static boolean runs(JsonNode connector) {
        return connector.path("state").asText().matches("RUNNING|DISABLED")
                && connector.path("up").asBoolean();
    }

    /** Whether a connector is as it was asked to be. */
    abstract boolean follows(JsonNode connector, Duration since);

    @Override
    public void run() {
        try {
            AppClient app = options.app();
            List<String> names = options.named(ConnectorOptions.status(app)).stream()
                    .map(connector -> connector.path("name").asText())
                    .toList();
            for (String name : names) {
                app.tell(method, "/connectors/" + name + "/" + verb).orRefusal();
            }
            await(app, names);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(AppClient app, List<String> names) throws InterruptedException {
        long begun = System.nanoTime();
        List<String> open = new ArrayList<>(names);
        List<JsonNode> last = List.of();
        while (!open.isEmpty()) {
            Duration since = Duration.ofNanos(System.nanoTime() - begun);
            last = options.named(ConnectorOptions.status(app));
            for (JsonNode connector : last) {
                String name = connector.path("name").asText();
                if (open.contains(name) && follows(connector, since)) {
                    System.out.println(done + " " + name);
                    open.remove(name);
                }
            }
            if (!open.isEmpty() && since.compareTo(LIMIT) > 0) {
                last.removeIf(connector -> !open.contains(connector.path("name").asText()));
                throw new CliException("asked for, and not so after " + LIMIT.toSeconds() + " s:\n"
                        + StatusCommand.text(last).stripTrailing());
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }
}
