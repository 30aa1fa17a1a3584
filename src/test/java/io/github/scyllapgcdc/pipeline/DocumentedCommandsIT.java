package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.cli.CommandRun;
import io.github.scyllapgcdc.cli.DocumentedCommands;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.event.TableId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands of README and docs/ against a running pipeline. Those that start servers of their own have tests of their own. */
class DocumentedCommandsIT {
    private static final Set<String> WITHOUT_TABLE =
            Set.of("health", "health --wait", "status", "dlq list", "reconcile --list");
    /** Statements before what reads, deploying before removing, pausing before resuming. */
    private static final List<String> ORDER =
            List.of("cql \"C", "cql \"I", "cql \"U", "sql", "deploy", "pause", "resume", "restart");

    /** Of which both, the application and the commands, find the value in Vault. */
    private static final String TOKEN = "{{hashicorp:cdc:documented-api#token}}";

    private static final Map<String, String> BEFORE = new HashMap<>();
    private static PipelineFixture fixture;
    private static PipelineApp app;

    @BeforeAll
    static void start() throws Exception {
        fixture = new PipelineFixture("documented");
        TableId users = fixture.table(
                "users",
                "user_id bigint PRIMARY KEY, email text, name text, created_at timestamp, updated_at timestamp");
        keepTokenInVault();
        app = PipelineApp.start(
                "documented",
                Map.of(
                        "SOURCE_CONFIDENCE_WINDOW_MS", "1000",
                        "SOURCE_MAX_CLOCK_SKEW_MS", "200",
                        "API_TOKEN", TOKEN));
        app.deploy(users);
        app.awaitHealthy();
        fixture.cql("INSERT INTO documented.users (user_id, name) VALUES (2, 'Bob')");
        fixture.awaitEqual(users, Duration.ofSeconds(60));
        Map<String, String> settings = new HashMap<>(fixture.endpoints().properties());
        settings.put(
                "routes.tables.directory", app.home().resolve("routes/tables").toString());
        settings.put("camel.server.port", Integer.toString(URI.create(app.url()).getPort()));
        settings.put("api.token", TOKEN);
        settings.forEach((name, value) -> BEFORE.put(name, System.setProperty(name, value)));
    }

    private static void keepTokenInVault() throws Exception {
        StackEndpoints stack = fixture.endpoints();
        HttpRequest secret = HttpRequest.newBuilder(URI.create(stack.vaultAddress() + "/v1/cdc/data/documented-api"))
                .header("X-Vault-Token", stack.vaultToken())
                .POST(HttpRequest.BodyPublishers.ofString("{\"data\": {\"token\": \"a-token-that-is-in-vault\"}}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(secret, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    static void stop() throws Exception {
        BEFORE.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        app.close();
        fixture.close();
    }

    @Test
    void eachDoesWhatItSays() throws Exception {
        Set<String> documented = DocumentedCommands.all();
        documented.add("resume --table ecommerce.users"); // of both halves, which the documented pause stops
        List<String> commands = documented.stream()
                .filter(DocumentedCommandsIT::isWhole)
                .sorted(Comparator.comparing(DocumentedCommandsIT::rank))
                .toList();
        Map<String, String> failed = new TreeMap<>();
        for (String command : commands) {
            CommandRun run = CommandRun.of(words(command));
            if (run.code() != 0) {
                failed.put(command, run.code() + ": " + run.errors() + run.out());
            }
        }
        assertThat(failed).isEmpty();
        assertThat(commands)
                .hasSizeGreaterThan(25)
                .contains("reconcile --table ecommerce.users --repair", "pause --table ecommerce.users", "resume NAME");
    }

    /** Rather than the mention of a command, or one for a letter that is not there. */
    private static boolean isWhole(String command) {
        return !command.contains("--raw")
                && (command.contains("--table")
                        || command.contains("NAME")
                        || command.matches("[cs]ql \".*")
                        || WITHOUT_TABLE.contains(command));
    }

    private static int rank(String command) {
        int first = ORDER.stream()
                .filter(command::startsWith)
                .findFirst()
                .map(ORDER::indexOf)
                .orElse(ORDER.size());
        return command.startsWith("remove") ? Integer.MAX_VALUE : first;
    }

    @Test
    void whoHasNoTokenIsRefused() {
        System.clearProperty("api.token");
        try {
            CommandRun run = CommandRun.of("status", "--app-url", app.url());
            assertThat(run.code()).isNotZero();
            assertThat(run.errors()).contains("the application asks for its token");
        } finally {
            System.setProperty("api.token", TOKEN);
        }
    }

    private static String[] words(String command) {
        List<String> words = new ArrayList<>(DocumentedCommands.words(command.replace("ecommerce.", "documented.")
                .replace("ks.t", "documented.users")
                .replace("--table T", "--table documented.users")
                .replace("NAME", "postgres-sink-users")
                .replace("--samples 20", "")));
        StackEndpoints stack = fixture.endpoints();
        switch (words.get(0)) {
            case "cql" -> words.addAll(List.of("--contact-point", stack.scyllaHost() + ":" + stack.scyllaPort()));
            case "sql" -> words.addAll(List.of("--url", stack.postgresJdbcUrl()));
            case "latency" -> words.addAll(List.of("--samples", "1", "--app-url", app.url()));
            default -> words.addAll(List.of("--app-url", app.url()));
        }
        return words.toArray(String[]::new);
    }
}
