package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * The application as {@code java -jar target/scylla-pg-cdc.jar} runs it, as a guarded child of this JVM, configured
 * through its environment. Ready means that {@code GET /health} answers 200.
 */
public final class AppProcess {
    /** Camel's own orderly stop may take longer; exactly-once delivery does not need it. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(9);

    private static final String MAIN_CLASS = "io.github.scyllapgcdc.Application";
    private static final int HEALTHY = 200;

    private final Path workingDirectory;
    private final Path jar;
    private final Map<String, String> environment;
    private final Child child;
    private final int serverPort;

    /**
     * @param workingDirectory where {@code application.properties} and {@code routes/} are
     * @param jar {@code scylla-pg-cdc.jar}, its libraries in {@code lib/} next to it
     * @param environment its configuration, besides this JVM's own environment
     * @param serverPort {@code camel.server.port}; this class puts it into the environment
     */
    public AppProcess(Path workingDirectory, Path jar, Map<String, String> environment, int serverPort, Path log) {
        this.workingDirectory = workingDirectory;
        this.jar = jar.toAbsolutePath();
        this.environment = environment;
        this.serverPort = serverPort;
        this.child = new Child(log.toAbsolutePath());
    }

    /** Starts the process, anew if it ran before, and returns at once. */
    public AppProcess start() {
        return start(exitCode -> {});
    }

    AppProcess start(IntConsumer ended) {
        if (!Files.exists(jar)) {
            throw new StackException(jar + " is missing: build it with ./mvnw package -DskipTests");
        }
        ProcessBuilder command = new ProcessBuilder(new JavaCommand()
                        .jvm("-Xms128m", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError")
                        .classPath(List.of(jar))
                        .running(MAIN_CLASS))
                .directory(workingDirectory.toFile());
        command.environment().putAll(environment);
        command.environment().put("CAMEL_SERVER_PORT", Integer.toString(serverPort));
        try {
            child.start(command, ended);
        } catch (IOException e) {
            throw new StackException("Cannot start the application: " + e.getMessage(), e);
        }
        return this;
    }

    public long pid() {
        return child.pid();
    }

    public boolean isAlive() {
        return child.isAlive();
    }

    public Path log() {
        return child.log();
    }

    public int serverPort() {
        return serverPort;
    }

    /** Ends it with SIGKILL; returns when it is gone. */
    public void kill() {
        child.kill();
    }

    /** Stops it in order, by force if that takes longer than nine seconds. */
    public void stop() {
        child.requestStop();
        child.awaitStop(STOP_LIMIT);
    }

    /** Asks it to end (SIGTERM) and returns at once; {@link #awaitEnd} tells of its end. */
    public void terminate() {
        child.signal("TERM");
    }

    /** Waits for its end; answers its exit code, or nothing if it still runs when the time is over. */
    public OptionalInt awaitEnd(Duration limit) throws InterruptedException {
        return child.awaitEnd(limit);
    }

    /** Freezes it (SIGSTOP). */
    public void pause() {
        child.signal("STOP");
    }

    /** Lets it run on (SIGCONT). */
    public void resume() {
        child.signal("CONT");
    }

    /** Whether {@code GET /health} answers 200 now. */
    public boolean isHealthy() throws InterruptedException {
        try {
            return Http.get("http://127.0.0.1:" + serverPort + "/health").statusCode() == HEALTHY;
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Waits until it is healthy.
     *
     * @return whether it is; false when the time is over and it still runs
     * @throws StackException when the process ends before
     */
    public boolean awaitHealthy(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                if (!isAlive()) {
                    throw new StackException(
                            "The application ended while it started. The end of " + log() + ":\n" + child.tail());
                }
                if (isHealthy()) {
                    return true;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("The start of the application was given up");
        }
    }
}
