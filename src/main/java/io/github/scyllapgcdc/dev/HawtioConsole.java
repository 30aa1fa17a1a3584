package io.github.scyllapgcdc.dev;

import io.github.scyllapgcdc.config.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** The Hawtio console as a guarded child of this JVM. */
final class HawtioConsole implements AutoCloseable {
    private static final String HAWTIO = "io.hawt:hawtio-war:war:4.2.0";
    private static final String JETTY = "12.0.22";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final int port;
    private final Child child;

    /** @param folder what it writes goes there */
    HawtioConsole(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        this.child = new Child(folder.resolve("hawtio.log"));
    }

    /** Where a browser finds the routes. */
    String url() {
        return "http://127.0.0.1:" + port + HawtioMain.PATH + "/camel";
    }

    /**
     * Returns when it answers.
     *
     * @throws StackException when its libraries cannot be had, or it does not start
     */
    HawtioConsole start(String jolokia, Credentials login, StackListener listener) throws IOException {
        Files.createDirectories(folder);
        try (Libraries maven = new Libraries(StackHome.cache().resolve("libraries.properties"), listener)) {
            List<Path> libraries = new ArrayList<>(maven.classPath(
                    "org.eclipse.jetty.ee10:jetty-ee10-webapp:" + JETTY, "org.eclipse.jetty:jetty-proxy:" + JETTY));
            ProcessBuilder command = new ProcessBuilder(new JavaCommand()
                    .jvm("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                    .classPath(libraries)
                    .running(
                            HawtioMain.class.getName(),
                            Integer.toString(port),
                            maven.file(HAWTIO).toString(),
                            folder.resolve("war").toString(),
                            jolokia));
            command.environment().put(HawtioMain.USERNAME, login.username());
            command.environment().put(HawtioMain.PASSWORD, login.password());
            child.start(command, exitCode -> {});
        }
        awaitReady();
        return this;
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                if (!child.isAlive()) {
                    throw new StackException(
                            "Hawtio ended while it started. The end of " + child.log() + ":\n" + child.tail());
                }
                if (answers()) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new StackException("Hawtio did not answer within " + START_LIMIT.toSeconds() + " s: see " + child.log());
    }

    private boolean answers() throws InterruptedException {
        try {
            return Http.get("http://127.0.0.1:" + port + HawtioMain.PATH + "/").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Waits for its end; answers its exit code, or nothing if it still runs when the time is over. */
    OptionalInt awaitEnd(Duration limit) throws InterruptedException {
        return child.awaitEnd(limit);
    }

    String tail() {
        return child.tail();
    }

    @Override
    public void close() {
        child.requestStop();
        child.awaitStop(Guarded.GRACE);
    }
}
