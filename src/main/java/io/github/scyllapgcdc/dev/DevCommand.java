package io.github.scyllapgcdc.dev;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./cdc dev}: the embedded stack and the application, from one command, until Ctrl-C. */
@Command(
        name = "dev",
        description = "Start the embedded servers and the application, for development.",
        mixinStandardHelpOptions = true)
public final class DevCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--fresh", description = "Forget what the embedded servers held before.")
    private boolean fresh;

    @Option(
            names = "--demo",
            description =
                    "Write the quickstart's rows, then a trickle of changes, and show each as it reaches PostgreSQL.")
    private boolean demo;

    @Option(
            names = "--no-app",
            description = "Start the servers alone; .dev/servers.properties tells an application where they are.")
    private boolean noApp;

    @Override
    public Integer call() throws Exception {
        Path home = Path.of(System.getProperty("cdc.home", "")).toAbsolutePath();
        new DevSession(home, fresh, demo, !noApp, verbose()).run();
        return 0;
    }

    /** The option is the root command's and inherited; there is none when this command runs alone. */
    private boolean verbose() {
        var option = spec.findOption("--verbose");
        return option != null && Boolean.TRUE.equals(option.getValue());
    }
}
