package io.github.scyllapgcdc.cli;

import io.github.scyllapgcdc.deploy.RouteFolder;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./cdc remove}: takes a table's routes out of its file; the running application stops them. */
@Command(
        name = "remove",
        description = "Stop replicating a table: remove its route file, wait until its routes ended.",
        footer = {
            "",
            "Examples:",
            "  ./cdc remove --table ecommerce.orders",
            "  ./cdc remove --table ecommerce.orders --type sink     what is published stays in Kafka for others"
        },
        mixinStandardHelpOptions = true)
final class RemoveCommand implements Runnable {
    @Mixin
    private TableOptions options;

    @Option(
            names = "--type",
            defaultValue = "both",
            paramLabel = "source|sink|both",
            description = "Which routes (default: both). The reconciliation goes with the sink.")
    private RouteFolder.Type type;

    @Override
    public void run() {
        Home home = Home.find();
        TableId table = options.table();
        RouteFolder routes = options.routes(home);
        try {
            List<String> ids = routes.remove(table, type);
            System.out.println("removed " + String.join(", ", ids));
            new RouteWait(AppClient.find(options.appUrl(), home)).untilGone(routes.file(table), ids);
            System.out.println("the topic " + table.topic() + ", its checkpoints and the Postgres table stay;"
                    + " deployed again, the table goes on where it stopped");
        } catch (IOException e) {
            throw new CliException("the route file cannot be changed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
