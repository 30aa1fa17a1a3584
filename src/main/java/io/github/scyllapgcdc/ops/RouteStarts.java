package io.github.scyllapgcdc.ops;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts routes, and those that fail to start again and again: a server may be down, or go down while a route starts. The
 * pause doubles from the first one up to {@link #LONGEST_PAUSE}.
 */
final class RouteStarts implements AutoCloseable {
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(RouteStarts.class);

    private final CamelContext context;
    private final Duration firstPause;
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread;

    RouteStarts(CamelContext context, Duration firstPause) {
        this.context = context;
        this.firstPause = firstPause;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread starter = new Thread(task, "route-starter");
            starter.setDaemon(true);
            return starter;
        });
    }

    /** One route that is not started yet. */
    private record Pending(int attempts, String failure, ScheduledFuture<?> next) {}

    /** Starts a route soon, on another thread. */
    synchronized void start(String routeId) {
        cancel(routeId);
        pending.put(routeId, new Pending(0, "starting", schedule(routeId, Duration.ZERO)));
    }

    /** Forgets a route that is about to be removed; returns after an attempt that is under way. */
    synchronized void cancel(String routeId) {
        Pending was = pending.remove(routeId);
        if (was != null) {
            was.next().cancel(false);
        }
    }

    /** Why a route is not started, while it is tried. */
    Optional<String> failure(String routeId) {
        return Optional.ofNullable(pending.get(routeId)).map(Pending::failure);
    }

    /** Whether its first attempt is still to come. */
    boolean isFirst(String routeId) {
        Pending now = pending.get(routeId);
        return now != null && now.attempts() == 0;
    }

    private ScheduledFuture<?> schedule(String routeId, Duration pause) {
        return thread.schedule(() -> attempt(routeId), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void attempt(String routeId) {
        Pending now = pending.get(routeId);
        Route route = context.getRoute(routeId);
        if (now == null || route == null) {
            return;
        }
        try {
            context.getRouteController().startRoute(routeId);
            pending.remove(routeId);
            LOG.info("route {} is running", routeId);
        } catch (Exception e) {
            int attempts = now.attempts() + 1;
            Duration pause = pause(firstPause, attempts);
            String failure = "start failed (attempt " + attempts + "): " + Failures.line(e);
            LOG.warn("route {} {}; next attempt in {} s", routeId, failure, pause.toMillis() / 1000.0, e);
            pending.put(routeId, new Pending(attempts, failure, schedule(routeId, pause)));
        }
    }

    static Duration pause(Duration first, int attempts) {
        Duration pause = first.multipliedBy(1L << Math.min(attempts - 1, 20));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
