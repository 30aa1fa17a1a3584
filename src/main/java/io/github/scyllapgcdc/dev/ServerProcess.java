package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** One server of a running stack, with all that a test wants to do to it. Any thread may use it. */
public final class ServerProcess {
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final int TAIL_LINES = 15;

    private final ServerKind kind;
    private final Path log;
    private final StackListener listener;
    private volatile Process process;
    private volatile boolean stopping;

    ServerProcess(ServerKind kind, Path log, StackListener listener) {
        this.kind = kind;
        this.log = log;
        this.listener = listener;
    }

    public Server server() {
        return kind.server();
    }

    /** Where clients find it on the loopback interface; stays the same over restarts. */
    public int port() {
        return kind.port();
    }

    /** What the server writes; the output of the start before is next to it, with {@code .1} at the end. */
    public Path log() {
        return log;
    }

    /** The process that the stack started; for PostgreSQL the guard of the server. */
    public synchronized long pid() {
        return process.pid();
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Freezes the server (SIGSTOP): connections stay open and nothing answers. */
    public void pause() {
        signal("STOP");
    }

    /** Lets a frozen server run on (SIGCONT). */
    public void resume() {
        signal("CONT");
    }

    /** Ends the server with SIGKILL, as a power cut would; returns when nothing of it is left. */
    public synchronized void kill() {
        stopping = true;
        if (process != null) {
            List<ProcessHandle> tree = tree();
            tree.forEach(ProcessHandle::destroyForcibly);
            tree.forEach(each -> each.onExit().join());
        }
    }

    /** Stops the server in order, by force if it takes too long. */
    public void stop() {
        requestStop();
        awaitStop();
    }

    /** Starts the server again on its old data and port, ending it first if it runs; returns when it answers. */
    public void restart() {
        stop();
        start();
    }

    /** Starts the server and returns when it answers. */
    void start() {
        launch();
        awaitReady();
    }

    synchronized void launch() {
        try {
            Files.createDirectories(log.getParent());
            if (Files.exists(log)) {
                Files.move(log, Path.of(log + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            stopping = false;
            Process started = new ProcessBuilder(kind.command())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process = started;
            var unused = started.onExit().thenAccept(this::ended);
        } catch (IOException e) {
            throw new StackException("Cannot start " + server().label() + ": " + e.getMessage(), e);
        }
        listener.starting(server(), port());
    }

    private void ended(Process which) {
        if (!stopping && which == process) {
            listener.ended(server(), which.exitValue());
        }
    }

    /** Waits until the server answers and has what the stack promises; fails when its process ends before. */
    void awaitReady() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        Exception last = null;
        while (System.nanoTime() < deadline) {
            if (!isAlive()) {
                throw new StackException(
                        server().label() + " ended while it started. The end of " + log + ":\n" + tail());
            }
            try {
                kind.check();
                kind.settle();
                return;
            } catch (InterruptedException e) {
                throw interrupted();
            } catch (Exception e) {
                last = e;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
        throw new StackException(
                server().label() + " did not answer on port " + port() + " within " + START_LIMIT.toSeconds() + " s ("
                        + last + "). The end of " + log + ":\n" + tail(),
                last);
    }

    private StackException interrupted() {
        Thread.currentThread().interrupt();
        return new StackException("The start of " + server().label() + " was given up");
    }

    /** Asks the server to end; the other half is {@link #awaitStop}, so that many can end side by side. */
    synchronized void requestStop() {
        stopping = true;
        if (isAlive()) {
            // A frozen process would not see the request
            resume();
            process.destroy();
        }
    }

    void awaitStop() {
        Process ending;
        synchronized (this) {
            ending = process;
        }
        if (ending == null) {
            return;
        }
        try {
            if (!ending.waitFor(Guarded.GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void signal(String name) {
        if (process == null) {
            return;
        }
        try {
            Signals.send(
                    name,
                    tree().stream()
                            .flatMapToLong(each -> LongStream.of(each.pid()))
                            .toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process and all that it started, itself first: what it guards must not be started anew. */
    private List<ProcessHandle> tree() {
        List<ProcessHandle> tree = new ArrayList<>();
        tree.add(process.toHandle());
        process.descendants().forEach(tree::add);
        return tree;
    }

    private String tail() {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - TAIL_LINES), all.size()));
        } catch (IOException e) {
            return "(" + e.getMessage() + ")";
        }
    }
}
