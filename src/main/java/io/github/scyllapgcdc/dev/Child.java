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
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A child process with what it started itself, its output in a log file. Any thread may use it. */
final class Child {
    private static final int TAIL_LINES = 15;
    private static final Pattern FRAME = Pattern.compile("^\\s+(at |\\.\\.\\. \\d+ )");

    private final Path log;
    private volatile Process process;
    private volatile boolean stopping;

    Child(Path log) {
        this.log = log;
    }

    Path log() {
        return log;
    }

    /**
     * Starts the process; the log of the run before is kept with {@code .1} at its end.
     *
     * @param ended told the exit code when the process ends although this object was not asked to end it
     */
    synchronized void start(ProcessBuilder command, IntConsumer ended) throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        if (Files.exists(log)) {
            Files.move(log, Path.of(log + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        stopping = false;
        Process started =
                command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        process = started;
        var unused = started.onExit().thenAccept(which -> {
            if (!stopping && which == process) {
                ended.accept(which.exitValue());
            }
        });
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** Sends a signal, named without SIG, to all of it. */
    synchronized void signal(String name) {
        if (process == null) {
            return;
        }
        try {
            Signals.send(name, tree().stream().mapToLong(ProcessHandle::pid).toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all of it with SIGKILL; returns when nothing is left. */
    synchronized void kill() {
        stopping = true;
        if (process != null) {
            List<ProcessHandle> tree = tree();
            tree.forEach(ProcessHandle::destroyForcibly);
            tree.forEach(each -> each.onExit().join());
        }
    }

    /** Asks it to end; the other half is {@link #awaitStop}, so that several can end side by side. */
    synchronized void requestStop() {
        stopping = true;
        if (isAlive()) {
            // A frozen process would not see the request
            signal("CONT");
            process.destroy();
        }
    }

    /** Waits for an end that was asked for, and forces it when it takes too long. */
    void awaitStop(Duration limit) {
        Process ending = process;
        if (ending == null) {
            return;
        }
        try {
            if (!ending.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for an end that nobody here forces; answers its exit code, or nothing if it has not ended in time. */
    OptionalInt awaitEnd(Duration limit) throws InterruptedException {
        Process ending = process;
        return ending.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                ? OptionalInt.of(ending.exitValue())
                : OptionalInt.empty();
    }

    /** The last lines of its log, without the frames of stack traces. */
    String tail() {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> all = lines.filter(line -> !FRAME.matcher(line).find()).toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - TAIL_LINES), all.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** The process first, then what it started: a guard must not see the end of what it guards as an accident. */
    private List<ProcessHandle> tree() {
        List<ProcessHandle> tree = new ArrayList<>();
        tree.add(process.toHandle());
        process.descendants().forEach(tree::add);
        return tree;
    }
}
