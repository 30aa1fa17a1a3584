package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One server of a running stack, with all that a test wants to do to it. Any thread may use it. */
public final class ServerProcess {
    private static final Duration START_LIMIT = Duration.ofMinutes(4);

    private final ServerKind kind;
    private final Child child;
    private final StackListener listener;
    private volatile boolean ready;

    ServerProcess(ServerKind kind, Path log, StackListener listener) {
        this.kind = kind;
        this.child = new Child(log);
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
        return child.log();
    }

    /** The process that the stack started; for PostgreSQL the guard of the server. */
    public long pid() {
        return child.pid();
    }

    public boolean isAlive() {
        return child.isAlive();
    }

    /** Freezes the server (SIGSTOP): connections stay open and nothing answers. */
    public void pause() {
        child.signal("STOP");
    }

    /** Lets a frozen server run on (SIGCONT). */
    public void resume() {
        child.signal("CONT");
    }

    /** Ends the server with SIGKILL, as a power cut would; returns when nothing of it is left. */
    public void kill() {
        child.kill();
    }

    /** Stops the server in order, by force if it takes too long. */
    public void stop() {
        requestStop();
        awaitStop();
    }

    /** Starts the server again on its old data and port, ending it first if it runs; returns when it answers. */
    public void restart() {
        stop();
        launch();
        awaitReady();
    }

    void launch() {
        ready = false;
        try {
            child.start(new ProcessBuilder(kind.command()), this::ended);
        } catch (IOException e) {
            throw new StackException("Cannot start " + server().label() + ": " + e.getMessage(), e);
        }
        listener.starting(server(), port());
    }

    /** An end before the server was ready is told by whoever waits for it. */
    private void ended(int exitCode) {
        if (ready) {
            listener.ended(server(), exitCode);
        }
    }

    /** Waits until the server answers and has what the stack promises; fails when its process ends before. */
    void awaitReady() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        Exception last = null;
        while (System.nanoTime() < deadline) {
            if (!isAlive()) {
                throw new StackException(
                        server().label() + " ended while it started. The end of " + log() + ":\n" + child.tail());
            }
            try {
                kind.check();
                kind.settle();
                ready = true;
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
                        + last + "). The end of " + log() + ":\n" + child.tail(),
                last);
    }

    private StackException interrupted() {
        Thread.currentThread().interrupt();
        return new StackException("The start of " + server().label() + " was given up");
    }

    void requestStop() {
        child.requestStop();
    }

    void awaitStop() {
        child.awaitStop(Guarded.GRACE);
    }
}
