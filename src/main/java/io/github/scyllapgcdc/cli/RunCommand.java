package io.github.scyllapgcdc.cli;

import io.github.scyllapgcdc.Application;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Runs the application in this process, as {@code java -jar} does. */
@Command(
        name = "run",
        description = "Run the application here, against the servers of application.properties.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Runnable {
    @ParentCommand
    private Cdc root;

    @Override
    public void run() {
        Application.main(root.verbose() ? new String[] {"--verbose"} : new String[0]);
    }
}
