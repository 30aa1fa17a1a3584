package io.github.scyllapgcdc.cli;

import io.github.scyllapgcdc.config.RoutesConfig;
import io.github.scyllapgcdc.deploy.RouteFolder;
import io.github.scyllapgcdc.event.TableId;
import picocli.CommandLine.Option;

/** What deploy and remove have in common. */
final class TableOptions {
    @Option(names = "--table", required = true, paramLabel = "KEYSPACE.TABLE", description = "The table in ScyllaDB.")
    private String table;

    @Option(names = "--app-url", paramLabel = "URL", description = "The running application's address.")
    private String appUrl;

    TableId table() {
        try {
            return TableId.parse(table);
        } catch (IllegalArgumentException e) {
            throw new CliException("--table " + e.getMessage(), e);
        }
    }

    String appUrl() {
        return appUrl;
    }

    /** The folder of the tables' route files that the application follows. */
    RouteFolder routes(Home home) {
        return new RouteFolder(
                home.folder().resolve(RoutesConfig.of(home.settings()).tables()));
    }
}
