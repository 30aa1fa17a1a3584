package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.RoutesConfig;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the running routes of the tables equal to the files in their folder: a new file's routes start, an edited file's
 * are replaced, a deleted file's end. A file with an error changes nothing that runs; the error, with its place, is
 * logged once and stays in the health report until the file is right.
 *
 * <p>Camel's own reload would take the old routes down for a file that names an unknown component, and would let a
 * deleted file's routes run on.
 */
public final class RouteFiles implements AutoCloseable {
    public static final String SUFFIX = ".camel.yaml";
    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);
    private static final long STOP_SECONDS = 15;

    private final CamelContext context;
    private final Predicate<Route> mayRun;
    private final FolderWatch folder;
    private final RouteStarts starts;
    /** Each file's running version. */
    private final Map<String, RouteFile> loaded = new ConcurrentHashMap<>();
    /** The text that was last looked at, right or wrong. */
    private final Map<String, String> seen = new LinkedHashMap<>();

    private final Map<String, String> errors = new ConcurrentHashMap<>();
    private volatile boolean ready;
    private volatile boolean closed;
    private Thread thread;

    /** @param mayRun false for a route that is to be loaded but not started in this instance */
    public RouteFiles(CamelContext context, RoutesConfig config, Predicate<Route> mayRun) throws IOException {
        this.context = context;
        this.mayRun = mayRun;
        this.folder = new FolderWatch(config.tables(), SUFFIX, config.scanInterval());
        this.starts = new RouteStarts(context, config.restartBackoff());
    }

    /** Loads what is there, then follows the changes on a thread of its own. */
    public void start() {
        thread = new Thread(this::follow, "route-files");
        thread.setDaemon(true);
        thread.start();
    }

    private void follow() {
        try {
            while (!closed && !Thread.currentThread().isInterrupted()) {
                try {
                    takeChanges();
                } catch (IOException e) {
                    LOG.warn("the table routes' folder cannot be read: {}", Failures.line(e), e);
                }
                folder.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeChanges() throws IOException, InterruptedException {
        if (ready && folder.texts().equals(seen)) {
            return;
        }
        take(folder.settled());
        ready = true;
    }

    /** Whether the folder was read once. */
    public boolean ready() {
        return ready;
    }

    /** The errors of files that are not loaded as they are, by file name. */
    public Map<String, String> errors() {
        return new TreeMap<>(errors);
    }

    /** The routes of the loaded files, each with its file. */
    public Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        loaded.forEach((name, file) -> file.routeIds().forEach(id -> files.put(id, name)));
        return files;
    }

    /** Whether a loaded file says that this route of it is not to be started. */
    boolean isOff(String routeId) {
        return loaded.values().stream().anyMatch(file -> file.off().contains(routeId));
    }

    /** Starts a route that was stopped, as often as it takes; one whose file is gone meanwhile is left alone. */
    public void restart(String routeId) {
        if (files().containsKey(routeId) && !closed) {
            starts.start(routeId);
        }
    }

    /** Why a route is not started, while its start is tried. */
    public Optional<String> startFailure(String routeId) {
        return starts.failure(routeId);
    }

    /** Deletions first, so that a route may move from one file to another. */
    private void take(Map<String, String> texts) {
        for (String name : Map.copyOf(seen).keySet()) {
            if (!texts.containsKey(name) && !closed) {
                seen.remove(name);
                errors.remove(name);
                remove(name);
            }
        }
        texts.forEach((name, text) -> {
            if (!text.equals(seen.get(name)) && !closed) {
                seen.put(name, text);
                load(name, text);
            }
        });
    }

    private void load(String name, String text) {
        RouteFile before = loaded.get(name);
        try {
            RouteFile now = RouteFile.check(context, name, text, id -> isTaken(name, id));
            replace(name, before, now);
            errors.remove(name);
            LOG.info("{} {}: routes {}", before == null ? "loaded" : "reloaded", name, now.routeIds());
        } catch (RouteFileException e) {
            errors.put(name, e.getMessage());
            LOG.error("{}{}", e.getMessage(), before == null ? "" : " (its routes run on as they were)");
            LOG.debug("The cause:", e);
        }
    }

    private void replace(String name, RouteFile before, RouteFile now) throws RouteFileException {
        if (before == null) {
            now.addTo(context);
        } else {
            stopAndRemove(before);
            try {
                now.addTo(context);
            } catch (RouteFileException e) {
                putBack(name, before);
                throw e;
            }
        }
        loaded.put(name, now);
        start(now);
    }

    /** A route definition can be added to a context only once, so the old text is read again. */
    private void putBack(String name, RouteFile before) {
        try {
            RouteFile again = RouteFile.check(context, name, before.text(), id -> isTaken(name, id));
            again.addTo(context);
            loaded.put(name, again);
            start(again);
        } catch (RouteFileException e) {
            loaded.remove(name);
            LOG.error("the routes that ran before cannot be put back: {}", e.getMessage(), e.getCause());
        }
    }

    private void remove(String name) {
        RouteFile file = loaded.remove(name);
        if (file != null) {
            stopAndRemove(file);
            LOG.info("{} is gone: removed its routes {}", name, file.routeIds());
        }
    }

    private void start(RouteFile file) {
        for (String id : file.routeIds()) {
            if (file.off().contains(id)) {
                LOG.info("route {} is not started: autoStartup is false in its file", id);
            } else if (mayRun.test(context.getRoute(id))) {
                starts.start(id);
            } else {
                LOG.info("route {} is not started here: source.enabled=false", id);
            }
        }
    }

    private void stopAndRemove(RouteFile file) {
        for (String id : file.routeIds()) {
            starts.cancel(id);
            try {
                context.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
            } catch (Exception e) {
                LOG.warn("route {} did not stop cleanly: {}", id, Failures.line(e), e);
            }
        }
        file.removeFrom(context);
    }

    private boolean isTaken(String name, String routeId) {
        RouteFile own = loaded.get(name);
        return context.getRoute(routeId) != null
                && (own == null || !own.routeIds().contains(routeId));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        starts.close();
        folder.close();
        if (thread != null) {
            thread.interrupt();
        }
    }
}
