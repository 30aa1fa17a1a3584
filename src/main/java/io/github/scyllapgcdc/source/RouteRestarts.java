package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.status.RouteIntent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

    private final CamelContext context;
    private final ExecutorService executor;

    RouteRestarts(CamelContext context) {
        this.context = context;
        this.executor = context.getExecutorServiceManager().newFixedThreadPool(this, "scylla-cdc-restart", 2);
    }

    /**
     * Stops the route at once and starts it after a pause.
     *
     * @param failed told of a start that fails; answers how long to wait before the next one, empty for none
     */
    void restart(String routeId, Duration pause, Function<Exception, Optional<Duration>> failed) {
        executor.execute(() -> {
            if (stopNow(routeId)) {
                startLater(routeId, pause, failed);
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

    private void startLater(String routeId, Duration pause, Function<Exception, Optional<Duration>> failed) {
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, executor)
                .execute(() -> start(routeId, failed));
    }

    private void start(String routeId, Function<Exception, Optional<Duration>> failed) {
        if (!present(routeId) || !wanted(routeId)) {
            return;
        }
        try {
            context.getRouteController().startRoute(routeId);
        } catch (Exception e) {
            failed.apply(e).ifPresent(pause -> startLater(routeId, pause, failed));
        }
    }

    /** It may have been paused meanwhile. */
    private boolean wanted(String routeId) {
        RouteIntent intent = context.getRegistry().findSingleByType(RouteIntent.class);
        return intent == null || intent.wanted(routeId);
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
