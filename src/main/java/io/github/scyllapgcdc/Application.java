package io.github.scyllapgcdc;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.logging.LogFormat;
import io.github.scyllapgcdc.logging.Redaction;
import io.github.scyllapgcdc.ops.Failures;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The application: Camel Main with its listener {@link Wiring}; wiring only, the flows are in {@code routes/}.
 *
 * <p>Exit codes: 0 after a stop that was asked for, {@value #CONFIGURATION_ERROR} for a configuration that cannot be
 * used, {@value #RUN_TIME_ERROR} for anything else. Either error is one line on standard error; {@code --verbose} adds
 * stack traces there and in the log.
 */
public final class Application {
    public static final int RUN_TIME_ERROR = 1;
    public static final int CONFIGURATION_ERROR = 2;

    /** The working directory's properties win over those on the class path. */
    private static final String PROPERTIES =
            "file:application.properties;optional=true,classpath:application.properties;optional=true";

    private Application() {}

    public static void main(String[] args) {
        boolean verbose = Arrays.asList(args).contains("--verbose");
        if (verbose) {
            // Read by logback.xml, before the first logger is made
            System.setProperty("log.exceptions", "full");
        }
        try {
            LogFormat.choose(Path.of(""));
        } catch (ConfigurationException e) {
            System.err.println("scylla-pg-cdc: " + e.getMessage());
            System.exit(CONFIGURATION_ERROR);
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        int code = run(verbose);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(boolean verbose) {
        ShutdownGuard guard = ShutdownGuard.install();
        Main main = new Main();
        main.setAppName("scylla-pg-cdc");
        main.setDefaultPropertyPlaceholderLocation(PROPERTIES);
        AtomicReference<ConfigurationException> fatal = new AtomicReference<>();
        Wiring wiring = new Wiring(guard::stopping, failure -> {
            fatal.set(failure);
            main.completed();
        });
        main.addMainListener(wiring);
        try {
            main.run();
            if (fatal.get() != null) {
                throw fatal.get();
            }
            return main.getExitCode();
        } catch (Exception e) {
            if (guard.stopping()) {
                return 0;
            }
            boolean configuration = !wiring.configured() || Failures.isConfiguration(e);
            System.err.println("scylla-pg-cdc: " + Redaction.of(Failures.line(e)));
            if (verbose) {
                e.printStackTrace();
            }
            logger().debug("Stopped by an error", e);
            // What was started holds threads; nothing of it is of use without the rest
            return configuration ? CONFIGURATION_ERROR : RUN_TIME_ERROR;
        }
    }

    private static Logger logger() {
        return LoggerFactory.getLogger(Application.class);
    }
}
