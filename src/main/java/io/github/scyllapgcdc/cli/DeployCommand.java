package io.github.scyllapgcdc.cli;

import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.deploy.RouteFolder;
import io.github.scyllapgcdc.deploy.TableCheck;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./cdc deploy}: writes a table's route file; the running application follows. */
@Command(
        name = "deploy",
        description = "Replicate a table: check it, write its route file, wait until its routes run.",
        footer = {
            "",
            "Examples:",
            "  ./cdc deploy --table ecommerce.orders                  source, sink and a daily reconciliation",
            "  ./cdc deploy --table ecommerce.orders --type source --tasks 4",
            "  ./cdc deploy --table ecommerce.orders --template my.camel.yaml"
        },
        mixinStandardHelpOptions = true)
final class DeployCommand implements Runnable {
    @Mixin
    private TableOptions options;

    @Mixin
    private ScyllaOptions scylla;

    @Option(
            names = "--type",
            defaultValue = "both",
            paramLabel = "source|sink|both",
            description = "Which routes (default: both). Where the sink runs, the table is reconciled as well.")
    private RouteFolder.Type type;

    @Option(
            names = "--tasks",
            paramLabel = "N",
            description = "How many routes share the source's streams (default: as many as there are, or one).")
    private Integer tasks;

    @Option(
            names = "--template",
            paramLabel = "FILE",
            description =
                    "A route file to fill in instead: $${topic}, $${keyspace}, $${table}, $${source-id}, $${sink-id},"
                            + " $${reconcile-id}.")
    private Path template;

    @Option(names = "--force", description = "Replace routes that say something else.")
    private boolean force;

    @Override
    public void run() {
        Home home = Home.find();
        TableId table = options.table();
        RouteFolder routes = options.routes(home);
        try {
            if (type != RouteFolder.Type.SINK) {
                try (CqlSession session = scylla.connect(home, List.of(table.keyspace()))) {
                    TableCheck.require(session, table);
                }
            }
            boolean whole = template != null;
            String text = whole ? routes.filled(table, readTemplate()) : routes.deployed(table, type, tasks, force);
            List<String> ids = RouteFolder.routeIds(text);
            if (ids.isEmpty()) {
                throw new CliException("--template " + template + " has no route with an id");
            }
            Path file = routes.file(table);
            RouteFolder.Written written = routes.write(table, text, force || !whole);
            if (written == RouteFolder.Written.READ_ONLY) {
                System.out.print(text);
                System.err.println(
                        "cdc: " + file.getParent() + " is read-only: this belongs in its " + file.getFileName());
                return;
            }
            System.out.println(switch (written) {
                        case NEW -> "wrote ";
                        case REPLACED -> "replaced ";
                        default -> "unchanged ";
                    }
                    + file);
            follow(AppClient.find(options.appUrl(), home), file, ids);
        } catch (IOException e) {
            throw new CliException("the route file cannot be written: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void follow(AppClient app, Path file, List<String> ids) throws InterruptedException {
        List<String> running = new RouteWait(app).untilRunning(file, ids);
        running.forEach(System.out::println);
        if (running.isEmpty()) {
            System.out.println(
                    "no application answers at " + app.url() + "; the routes start with it (./cdc dev or ./cdc run)");
        }
    }

    private String readTemplate() throws IOException {
        if (tasks != null) {
            throw new CliException("--tasks and --template exclude each other: the template has the routes");
        }
        if (!Files.isRegularFile(template)) {
            throw new CliException(String.format(Locale.ROOT, "--template %s: there is no such file", template));
        }
        return Files.readString(template);
    }
}
