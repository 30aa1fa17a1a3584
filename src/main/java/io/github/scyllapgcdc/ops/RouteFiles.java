package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.RoutesConfig;
import io.github.scyllapgcdc.status.RouteIntent;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the running routes of the tables equal to the files in their folder: a new file's routes start, an edited route is
 * replaced while the others of its file run on, a deleted file's end. A file with an error changes nothing that runs; the error, with its place, is
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
    private final RouteIntent intent;
    private final FolderWatch folder;
    private final RouteStarts starts;
    private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();
    /** The text that was last looked at, right or wrong. */
    private final Map<String, String> seen = new LinkedHashMap<>();

    private final Map<String, String> errors = new ConcurrentHashMap<>();
    private volatile boolean ready;
    private volatile boolean closed;
    private Thread thread;

    /**
     * What runs of a file.
     *
     * @param version the file as it was taken
     * @param routes as Camel knows them, by their ids
     */
    private record Loaded(RouteFile version, Map<String, RouteDefinition> routes) {}

    /**
     * Follows the folder that the configuration names.
     *
     * @param mayRun false for a route that is to be loaded but not started in this instance
     * @param intent false for a route that is paused
     */
    public RouteFiles(CamelContext context, RoutesConfig config, Predicate<Route> mayRun, RouteIntent intent)
            throws IOException {
        this.context = context;
        this.mayRun = mayRun;
        this.intent = intent;
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
                } catch (IOException | RuntimeException e) { // whoever follows has to go on
                    LOG.warn("the table routes' folder cannot be followed: {}", Failures.line(e), e);
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
        loaded.forEach((name, file) -> file.routes().keySet().forEach(id -> files.put(id, name)));
        return files;
    }

    /** The file that a route is of; empty for a shared one. */
    Optional<String> fileOf(String routeId) {
        return loaded.entrySet().stream()
                .filter(file -> file.getValue().routes().containsKey(routeId))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether a loaded file says that this route of it is not to be started. */
    boolean isOff(String routeId) {
        return loaded.values().stream().anyMatch(file -> file.version().off().contains(routeId));
    }

    /**
     * Starts a route that was stopped, as often as it takes. One whose file is gone meanwhile is left alone, and so is one that is not
     * to run.
     */
    public void start(String routeId) {
        if (files().containsKey(routeId) && !closed && mayStart(routeId)) {
            starts.start(routeId);
        }
    }

    /** Stops a route, until it is started again. */
    public void stop(String routeId) {
        starts.cancel(routeId);
        try {
            context.getRouteController().stopRoute(routeId, STOP_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            LOG.warn("route {} did not stop cleanly: {}", routeId, Failures.line(e), e);
        }
    }

    /** Why a route is not started, while its start is tried. */
    public Optional<String> startFailure(String routeId) {
        return starts.failure(routeId);
    }

    /** Whether the first attempt to start a route is still to come. */
    boolean isStarting(String routeId) {
        return starts.isFirst(routeId);
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
        Loaded before = loaded.get(name);
        try {
            RouteFile now = RouteFile.check(context, name, text, id -> isTaken(name, id));
            if (before == null) {
                now.addTo(context);
                loaded.put(name, new Loaded(now, now.definitions()));
                start(now, now.routeIds());
                LOG.info("loaded {}: routes {}", name, now.routeIds());
            } else {
                LOG.info("reloaded {}: routes {}", name, replace(name, before, now));
            }
            errors.remove(name);
        } catch (RouteFileException e) {
            if (e.mayPass()) { // a server is away: the next look tries it again
                seen.remove(name);
            }
            boolean said = e.getMessage().equals(errors.put(name, e.getMessage()));
            if (!said) {
                LOG.error("{}{}", e.getMessage(), before == null ? "" : " (its routes run on as they were)");
            }
            LOG.debug("The cause:", e);
        }
    }

    /** Replaces the routes that changed, and answers which; the others run on. */
    private Set<String> replace(String name, Loaded before, RouteFile now) throws RouteFileException {
        Set<String> fresh = now.changedFrom(before.version());
        now.routeIds().stream().filter(id -> !before.routes().containsKey(id)).forEach(fresh::add);
        Set<String> gone = before.version().changedFrom(now);
        gone.retainAll(before.routes().keySet());
        stopAndRemove(before, gone);
        Map<String, RouteDefinition> routes = new HashMap<>(before.routes());
        routes.keySet().removeAll(gone);
        try {
            routes.putAll(add(now, fresh));
        } catch (RouteFileException e) {
            putBack(name, before, gone, routes);
            throw e;
        }
        loaded.put(name, new Loaded(now, routes));
        start(now, fresh);
        return fresh;
    }

    private Map<String, RouteDefinition> add(RouteFile version, Set<String> ids) throws RouteFileException {
        if (ids.isEmpty()) {
            return Map.of();
        }
        RouteFile part = version.part(context, ids);
        part.addTo(context);
        return part.definitions();
    }

    /** A route definition can be added to a context only once, so the old text is read again. */
    private void putBack(String name, Loaded before, Set<String> gone, Map<String, RouteDefinition> routes) {
        try {
            routes.putAll(add(before.version(), gone));
            start(before.version(), gone);
        } catch (RouteFileException e) {
            LOG.error("the routes {} that ran before cannot be put back: {}", gone, e.getMessage(), e.getCause());
        }
        loaded.put(name, new Loaded(before.version(), routes));
    }

    private void remove(String name) {
        Loaded file = loaded.remove(name);
        if (file != null) {
            stopAndRemove(file, file.routes().keySet());
            LOG.info("{} is gone: removed its routes {}", name, file.version().routeIds());
        }
    }

    private void start(RouteFile file, Collection<String> routeIds) {
        for (String id : routeIds) {
            if (file.off().contains(id)) {
                LOG.info("route {} is not started: autoStartup is false in its file", id);
            } else if (mayStart(id)) {
                starts.start(id);
            } else {
                LOG.info("route {} is not started: it is paused, or source.enabled=false", id);
            }
        }
    }

    private boolean mayStart(String routeId) {
        Route route = context.getRoute(routeId);
        return route != null && !isOff(routeId) && mayRun.test(route) && intent.wanted(routeId);
    }

    private void stopAndRemove(Loaded file, Set<String> routeIds) {
        routeIds.forEach(this::stop);
        RouteFile.remove(context, routeIds.stream().map(file.routes()::get).toList());
    }

    private boolean isTaken(String name, String routeId) {
        Loaded own = loaded.get(name);
        return context.getRoute(routeId) != null
                && (own == null || !own.routes().containsKey(routeId));
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
