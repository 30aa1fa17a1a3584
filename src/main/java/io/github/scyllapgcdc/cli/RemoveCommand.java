package io.github.scyllapgcdc.cli;

import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./cdc remove}: deletes a table's route file; the running application stops its routes. */
@Command(
        name = "remove",
        description = "Stop replicating a table: delete its route file, wait until its routes ended.",
        mixinStandardHelpOptions = true)
final class RemoveCommand implements Runnable {
    @Mixin
    private TableOptions options;

    @Override
    public void run() {
        Home home = Home.find();
        TableId table = options.table();
        TableRoutes routes = options.routes(home);
        try {
            List<String> ids = routes.delete(table);
            System.out.println("deleted " + routes.file(table));
            if (new RouteWait(AppClient.find(options.appUrl(), home)).untilGone(routes.file(table), ids)) {
                ids.forEach(id -> System.out.println("ended " + id));
            }
            System.out.println("the topic " + table.topic() + ", its checkpoints and the Postgres table stay;"
                    + " deployed again, the table goes on where it stopped");
        } catch (IOException e) {
            throw new CliException("the route file cannot be deleted: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
