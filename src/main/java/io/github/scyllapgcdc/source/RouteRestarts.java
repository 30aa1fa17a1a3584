package io.github.scyllapgcdc.source;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops and starts source routes, which gives them a new Kafka producer. A route can't do that from its own thread: stopping
 * waits for the thread to end.
 */
final class RouteRestarts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouteRestarts.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final CamelContext context;
    private final ExecutorService executor;

    RouteRestarts(CamelContext context) {
        this.context = context;
        this.executor = context.getExecutorServiceManager().newFixedThreadPool(this, "scylla-cdc-restart", 2);
    }

    /** Stops the route at once and starts it after a pause; a start that fails is tried again after longer ones. */
    void restart(String routeId, Duration pause) {
        executor.execute(() -> {
            if (stopNow(routeId)) {
                startLater(routeId, pause);
            }
        });
    }

    /** Stops the route for good. */
    void stop(String routeId) {
        executor.execute(() -> stopNow(routeId));
    }

    private boolean stopNow(String routeId) {
        try {
            if (present(routeId)) {
                context.getRouteController().stopRoute(routeId);
                return true;
            }
        } catch (Exception e) {
            LOG.error("route={} can't be stopped: {}", routeId, SourceException.oneLine(e));
            LOG.debug("why", e);
        }
        return false;
    }

    private void startLater(String routeId, Duration pause) {
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, executor)
                .execute(() -> start(routeId, pause));
    }

    private void start(String routeId, Duration lastPause) {
        if (!present(routeId)) {
            return;
        }
        try {
            context.getRouteController().startRoute(routeId);
        } catch (Exception e) {
            Duration pause =
                    lastPause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? lastPause.multipliedBy(2) : LONGEST_PAUSE;
            LOG.warn(
                    "route={} can't be started, trying again in {} ms: {}",
                    routeId,
                    pause.toMillis(),
                    SourceException.oneLine(e));
            LOG.debug("why", e);
            startLater(routeId, pause);
        }
    }

    /** Its file may have been deleted meanwhile, and the application may be going down. */
    private boolean present(String routeId) {
        ServiceStatus status = context.getRouteController().getRouteStatus(routeId);
        return status != null && !context.isStopping() && !context.isStopped();
    }

    @Override
    public void close() {
        context.getExecutorServiceManager().shutdownNow(executor);
    }
}
