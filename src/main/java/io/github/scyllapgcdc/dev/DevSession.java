package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@code ./cdc dev}: starts the stack, then the application, tells where all is in {@code
 * .dev/stack.properties}, and starts again whatever ends by itself, until the process is told to stop.
 */
final class DevSession {
    private static final int APP_PORT = 8083;
    private static final int MANAGEMENT_PORT = 8080;
    private static final String MANAGEMENT_USER = "dev";
    private static final Duration HEALTHY_LIMIT = Duration.ofSeconds(60);

    private final Path home;
    private final Path folder;
    private final Path stackFile;
    private final Path serversFile;
    private final boolean demo;
    private final boolean withApp;
    private final DevScreen screen;
    private final EmbeddedStack stack;
    /** Starts again what ended, one after the other; closed when the session ends. */
    private final ExecutorService keeper = Executors.newSingleThreadExecutor(DevSession::daemon);

    private volatile AppProcess app;
    private volatile boolean ready;
    private volatile int managementPort;
    private InstanceLock lock;
    private volatile boolean stopping;

    DevSession(Path home, boolean fresh, boolean demo, boolean withApp, boolean verbose) {
        this.home = home;
        this.demo = demo;
        this.withApp = withApp;
        folder = home.resolve(".dev");
        stackFile = folder.resolve("stack.properties");
        serversFile = folder.resolve("servers.properties");
        screen = new DevScreen(System.out, verbose) {
            @Override
            public void ended(Server server, int exitCode) {
                keep(() -> revive(server, exitCode));
            }
        };
        stack = EmbeddedStack.builder(folder)
                .fresh(fresh)
                .wellKnownPorts(true)
                .listener(screen)
                .build();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "keeper");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Runs until the JVM is told to stop.
     *
     * @throws StackException when another session runs here, or something does not start
     */
    void run() throws IOException, InterruptedException {
        lock = InstanceLock.acquire(folder);
        DevLog.toFile(stack.log("dev"));
        Files.deleteIfExists(stackFile);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        screen.say("Starting the embedded servers; Ctrl-C stops them. Their data is in " + folder);
        try {
            stack.start();
            new PropertiesFile(serversFile).write(stack.endpoints().properties());
            if (withApp) {
                startApp();
            } else {
                ready = true;
                publish();
                screen.serversAlone(stack.endpoints(), serversFile);
            }
        } catch (StackException e) {
            if (!stopping) {
                stopping = true;
                throw e;
            }
        }
        if (demo && !stopping) {
            new Demo(stack.endpoints(), this::sayWhileRunning).run();
        }
        Thread.currentThread().join();
    }

    private void sayWhileRunning(String text) {
        if (!stopping) {
            screen.say(text);
        }
    }

    private void startApp() {
        managementPort = stack.port("management", MANAGEMENT_PORT);
        Map<String, String> environment = stack.endpoints().environment();
        environment.put("CAMEL_MANAGEMENT_PORT", Integer.toString(managementPort));
        environment.put("CAMEL_MANAGEMENT_JOLOKIAENABLED", "true");
        environment.put("MANAGEMENT_USERNAME", MANAGEMENT_USER);
        environment.put("MANAGEMENT_PASSWORD", stack.secret("management"));
        app = new AppProcess(
                home,
                home.resolve("target").resolve("scylla-pg-cdc.jar"),
                environment,
                stack.port("app", APP_PORT),
                stack.log("app"));
        screen.step("starting", "the application on 127.0.0.1:" + app.serverPort());
        app.start(exitCode -> keep(() -> reviveApp(exitCode)));
        boolean healthy = app.awaitHealthy(HEALTHY_LIMIT);
        ready = true;
        publish();
        screen.running(stack.endpoints(), app, managementPort, stack.log("app").getParent());
        if (!healthy) {
            screen.say("The application runs but is not healthy yet: ./cdc health says why.");
        }
    }

    /** Tells where all is, to the commands and to whoever else wants to know. */
    private synchronized void publish() {
        if (!ready || stopping) {
            return;
        }
        StackEndpoints at = stack.endpoints();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("scylla.host", at.scyllaHost());
        all.put("scylla.port", Integer.toString(at.scyllaPort()));
        all.put("scylla.datacenter", at.scyllaDatacenter());
        all.put("kafka.bootstrap", at.kafkaBootstrap());
        all.put("registry.url", at.registryUrl());
        all.put("postgres.jdbcUrl", at.postgresJdbcUrl());
        all.put("vault.address", at.vaultAddress());
        all.put("vault.token", at.vaultToken());
        if (app != null) {
            putApplication(all);
        }
        new PropertiesFile(stackFile).write(all);
    }

    private void putApplication(Map<String, String> all) {
        all.put("connect.url", "http://127.0.0.1:" + app.serverPort());
        all.put("management.url", "http://127.0.0.1:" + managementPort);
        all.put("management.username", MANAGEMENT_USER);
        all.put("management.password", stack.secret("management"));
        all.put("app.pid", Long.toString(app.pid()));
    }

    private void keep(Runnable task) {
        try {
            keeper.execute(task);
        } catch (RejectedExecutionException e) {
            // The session ends: nothing is started any more
        }
    }

    private void revive(Server server, int exitCode) {
        if (stopping) {
            return;
        }
        screen.step("ended", server.label() + " (exit code " + exitCode + "); starting it again");
        try {
            stack.server(server).restart();
            screen.step("ready", server.label());
        } catch (StackException e) {
            screen.say(e.getMessage());
        }
    }

    private void reviveApp(int exitCode) {
        // A process that cannot live must not be started in a circle without a pause
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopping) {
            return;
        }
        screen.step("ended", "the application (exit code " + exitCode + "); starting it again");
        try {
            app.start(code -> keep(() -> reviveApp(code)));
            publish();
            if (app.awaitHealthy(HEALTHY_LIMIT)) {
                screen.step("ready", "the application, process " + app.pid());
            } else {
                screen.step("not healthy", "the application, process " + app.pid() + ": ./cdc health says why");
            }
        } catch (StackException e) {
            screen.say(e.getMessage());
        }
    }

    /** The application first, since it needs the servers to end well; then all servers side by side. */
    private void stop() {
        stopping = true;
        long begin = System.nanoTime();
        screen.say("Stopping");
        keeper.shutdownNow();
        withdraw();
        AppProcess running = app;
        if (running != null) {
            running.stop();
        }
        stack.close();
        lock.close();
        screen.say(String.format(Locale.ROOT, "All stopped after %.1f s", (System.nanoTime() - begin) / 1e9));
    }

    private synchronized void withdraw() {
        try {
            Files.deleteIfExists(stackFile);
            Files.deleteIfExists(serversFile);
        } catch (IOException e) {
            screen.say("Cannot delete " + stackFile + ": " + e.getMessage());
        }
    }
}
