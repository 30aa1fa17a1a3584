package io.github.scyllapgcdc.cli;

import com.datastax.oss.driver.api.core.CqlSession;
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
    private TableRoutes.Type type;

    @Option(
            names = "--template",
            paramLabel = "FILE",
            description =
                    "A route file to fill in instead: $${topic}, $${keyspace}, $${table}, $${source-id}, $${sink-id},"
                            + " $${reconcile-id}.")
    private Path template;

    @Option(names = "--force", description = "Replace a route file that says something else.")
    private boolean force;

    @Override
    public void run() {
        Home home = Home.find();
        TableId table = options.table();
        TableRoutes routes = options.routes(home);
        try {
            if (type != TableRoutes.Type.SINK) {
                try (CqlSession session = scylla.connect(home, List.of(table.keyspace()))) {
                    TableCheck.require(session, table);
                }
            }
            String text = template == null ? routes.text(table, type) : routes.text(table, readTemplate());
            List<String> ids = TableRoutes.routeIds(text);
            if (ids.isEmpty()) {
                throw new CliException("--template " + template + " has no route with an id");
            }
            TableRoutes.Written written = routes.write(table, text, force);
            Path file = routes.file(table);
            System.out.println(switch (written) {
                        case NEW -> "wrote ";
                        case REPLACED -> "replaced ";
                        case SAME -> "unchanged ";
                    }
                    + file);
            AppClient app = AppClient.find(options.appUrl(), home);
            if (new RouteWait(app).untilRunning(file, ids)) {
                ids.forEach(id -> System.out.println("running " + id));
            } else {
                System.out.println("no application answers at " + app.url()
                        + "; the routes start with it (./cdc dev or ./cdc run)");
            }
        } catch (IOException e) {
            throw new CliException("the route file cannot be written: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String readTemplate() throws IOException {
        if (!Files.isRegularFile(template)) {
            throw new CliException(String.format(Locale.ROOT, "--template %s: there is no such file", template));
        }
        return Files.readString(template);
    }
}
