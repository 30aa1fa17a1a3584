package io.github.scyllapgcdc.cli;

import io.github.scyllapgcdc.Application;
import io.github.scyllapgcdc.deploy.DeployException;
import io.github.scyllapgcdc.ops.Failures;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command. */
@Command(
        name = "cdc",
        description = "Keeps PostgreSQL tables equal to ScyllaDB tables.",
        versionProvider = Cdc.Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            CqlCommand.class,
            SqlCommand.class,
            DeployCommand.class,
            RemoveCommand.class,
            StatusCommand.class,
            SteerCommand.Pause.class,
            SteerCommand.Resume.class,
            SteerCommand.Restart.class,
            ReconcileCommand.class,
            DlqCommand.class,
            HealthCommand.class,
            LatencyCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Cdc implements Runnable {
    /** The embedded stack is packed apart; a production installation does not have it. */
    private static final Map<String, String> DEV_COMMANDS = Map.of(
            "dev", "io.github.scyllapgcdc.dev.DevCommand",
            "hawtio", "io.github.scyllapgcdc.dev.HawtioCommand");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show stack traces and the libraries' log lines.")
    private boolean verbose;

    public static void main(String[] args) {
        int code = execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Runs one command and gives its exit code. */
    static int execute(String... args) {
        Cdc root = new Cdc();
        CommandLine commandLine = new CommandLine(root);
        new TreeMap<>(DEV_COMMANDS)
                .forEach((name, type) ->
                        devCommand(type).ifPresent(command -> commandLine.addSubcommand(name, command)));
        commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(parsed -> {
                    root.prepareLogging(
                            parsed.hasSubcommand()
                                    ? parsed.subcommand().commandSpec().name()
                                    : "");
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> root.explain(failure))
                .setParameterExceptionHandler((failure, wrong) -> misused(failure));
        return commandLine.execute(args);
    }

    private static Optional<Object> devCommand(String type) {
        try {
            return Optional.of(Class.forName(type).getDeclaredConstructor().newInstance());
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        } catch (InvocationTargetException
                | InstantiationException
                | IllegalAccessException
                | NoSuchMethodException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    /** The short commands print results alone; only run and dev have a log. Read by logback.xml. */
    private void prepareLogging(String command) {
        if (verbose) {
            System.setProperty("log.exceptions", "full");
        }
        if (!command.equals("run") && !command.equals("dev")) {
            System.setProperty("log.target", "System.err");
            System.setProperty("log.level", verbose ? "INFO" : "OFF");
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    boolean verbose() {
        return verbose;
    }

    private int explain(Exception failure) {
        Exception explained = Failures.cause(failure, CliException.class);
        if (explained == null) {
            explained = Failures.cause(failure, DeployException.class);
        }
        System.err.println("cdc: " + (explained == null ? Failures.line(failure) : explained.getMessage()));
        if (verbose) {
            failure.printStackTrace();
        }
        return Failures.isConfiguration(failure) ? Application.CONFIGURATION_ERROR : Application.RUN_TIME_ERROR;
    }

    private static int misused(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        System.err.println("cdc: " + failure.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr());
        System.err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return Application.CONFIGURATION_ERROR;
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** The version that the build wrote into the archive. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Cdc.class.getPackage().getImplementationVersion();
            return new String[] {"scylla-pg-cdc " + (version == null ? "(not packaged)" : version)};
        }
    }
}
