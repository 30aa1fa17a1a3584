package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.WatchdogConfig;
import io.github.scyllapgcdc.status.RouteStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices routes that are started and have work, and get nothing done: their thread died, or hangs where no time-out ends it. Such
 * a route is restarted; one that still does nothing after some restarts is stopped.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);
    private static final long STOP_SECONDS = 15;

    private final CamelContext context;
    private final WatchdogConfig config;
    private final Consumer<String> start;
    private final Map<String, Watched> routes = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread watcher = new Thread(task, "watchdog");
        watcher.setDaemon(true);
        return watcher;
    });

    private ScheduledFuture<?> looking;

    /**
     * What is known of a route.
     *
     * @param sinceNanos when its figure was what it is for the first time
     * @param restarts since it last moved
     * @param verdict what is wrong; null while nothing is
     */
    private record Watched(long progress, long sinceNanos, int restarts, String verdict) {}

    /** @param start starts a route that was stopped, as often as it takes */
    public Watchdog(CamelContext context, WatchdogConfig config, Consumer<String> start) {
        this.context = context;
        this.config = config;
        this.start = start;
    }

    /** Watches from now on. */
    public void start() {
        long pause = Math.min(config.stall().dividedBy(4).toMillis(), LONGEST_LOOK.toMillis());
        looking = thread.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
    }

    /** What is wrong with a route, if it hangs or was stopped because of that. */
    Optional<String> verdict(String routeId) {
        return Optional.ofNullable(routes.get(routeId)).map(Watched::verdict);
    }

    private void look() {
        try {
            Map<String, RouteStatus> statuses = RouteStatuses.of(context);
            routes.keySet().retainAll(statuses.keySet());
            statuses.forEach(this::look);
        } catch (RuntimeException e) { // a watchdog that dies is none
            LOG.warn("the watchdog could not look: {}", Failures.line(e), e);
        }
    }

    private void look(String routeId, RouteStatus status) {
        boolean started = context.getRouteController().getRouteStatus(routeId) == ServiceStatus.Started;
        OptionalLong progress = started ? status.progress() : OptionalLong.empty();
        Watched before = routes.get(routeId);
        if (progress.isEmpty()) {
            // it says itself what it waits for, or has nothing to do; that it was restarted in vain is not forgotten by
            // that
            boolean well = started && status.up();
            routes.computeIfPresent(
                    routeId,
                    (id, w) -> new Watched(w.progress(), System.nanoTime(), w.restarts(), well ? null : w.verdict()));
        } else if (before == null || before.progress() != progress.getAsLong()) {
            routes.put(routeId, new Watched(progress.getAsLong(), System.nanoTime(), 0, null));
        } else if (System.nanoTime() - before.sinceNanos() > config.stall().toNanos()) {
            hangs(routeId, before);
        }
    }

    private void hangs(String routeId, Watched before) {
        String what = "hangs: it was behind and got nothing done for "
                + config.stall().toSeconds() + " s";
        if (before.restarts() >= config.maxRestarts()) {
            String verdict = "is stopped: it " + what + ", also after " + before.restarts()
                    + " restarts (watchdog.max-restarts); see the log and the servers, then start the route again";
            routes.put(routeId, new Watched(before.progress(), System.nanoTime(), before.restarts(), verdict));
            LOG.error("Route {}: route={}", verdict, routeId);
            stop(routeId);
            return;
        }
        int restarts = before.restarts() + 1;
        String verdict = what + "; restart " + restarts + " of " + config.maxRestarts();
        routes.put(routeId, new Watched(before.progress(), System.nanoTime(), restarts, verdict));
        LOG.error("Route {}: route={}", verdict, routeId);
        if (stop(routeId)) { // takes half a minute for a thread that does not end by itself
            start.accept(routeId);
        }
        routes.put(routeId, new Watched(before.progress(), System.nanoTime(), restarts, verdict));
    }

    private boolean stop(String routeId) {
        try {
            context.getRouteController().stopRoute(routeId, STOP_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (Exception e) {
            LOG.error("Route could not be stopped: route={} reason=\"{}\"", routeId, Failures.line(e), e);
            return false;
        }
    }

    @Override
    public void close() {
        if (looking != null) {
            looking.cancel(true);
        }
        thread.shutdownNow();
    }
}
