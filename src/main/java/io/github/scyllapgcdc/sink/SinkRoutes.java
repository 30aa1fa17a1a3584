package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.status.RouteStatus;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.BaseService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes that read for the sink: found by their consumer group, their status kept, stopped when nothing else helps. */
final class SinkRoutes extends LifecycleStrategySupport {
    private static final Logger LOG = LoggerFactory.getLogger(SinkRoutes.class);

    private final CamelContext context;
    private final Map<String, SinkStatus> statuses = new ConcurrentHashMap<>();
    private final Set<String> stopping = ConcurrentHashMap.newKeySet();

    SinkRoutes(CamelContext context) {
        this.context = context;
    }

    /** The sink route whose Kafka consumer belongs to a group. */
    Optional<Route> ofGroup(String group) {
        return context.getRoutes().stream()
                .filter(SinkRoutes::readsForSink)
                .filter(route -> group.equals(
                        ((KafkaEndpoint) route.getEndpoint()).getConfiguration().getGroupId()))
                .findFirst();
    }

    /** By its component: whoever reads through the one with the sink's settings is fenced. */
    private static boolean readsForSink(Route route) {
        return route.getEndpoint() instanceof KafkaEndpoint
                && route.getEndpoint().getEndpointUri().startsWith(Sink.KAFKA_COMPONENT + ":");
    }

    /** The status of a route, which health finds in the registry. */
    SinkStatus status(String routeId) {
        return statuses.computeIfAbsent(routeId, id -> {
            SinkStatus status = new SinkStatus(id);
            context.getRegistry().bind(RouteStatus.bean(id), status);
            return status;
        });
    }

    /** Whether a route is meant to go on, rather than stopping, stopped or going to be. */
    boolean wanted(String routeId) {
        Route route = context.getRoute(routeId);
        if (route == null || stopping.contains(routeId) || context.isStopping()) {
            return false;
        }
        return !(route.getConsumer() instanceof BaseService consumer)
                || !(consumer.isStoppingOrStopped() || consumer.isSuspendingOrSuspended());
    }

    /** Stops a route for good and says why. Returns at once; the route ends when the caller's exchange has. */
    void stop(String routeId, String reason) {
        if (!stopping.add(routeId)) {
            return;
        }
        status(routeId).stopped(reason);
        LOG.error("Route stopped: route={} reason=\"{}\"", routeId, reason);
        context.getExecutorServiceManager()
                .newThread("sink-stop-" + routeId, () -> {
                    try {
                        context.getRouteController().stopRoute(routeId);
                    } catch (Exception e) {
                        LOG.error(
                                "Route could not be stopped: route={} reason=\"{}\"", routeId, ErrorTaxonomy.reason(e));
                    } finally {
                        stopping.remove(routeId);
                    }
                })
                .start();
    }

    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        routes.stream().filter(SinkRoutes::readsForSink).forEach(route -> status(route.getRouteId()));
    }

    @Override
    public void onRoutesRemove(Collection<Route> routes) {
        for (Route route : routes) {
            if (statuses.remove(route.getRouteId()) != null) {
                context.getRegistry().unbind(RouteStatus.bean(route.getRouteId()));
            }
        }
    }
}
