package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.status.RouteStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.support.LifecycleStrategySupport;

/** Failed attempts and state of each route that tells them, as meters that come and go with the routes. */
public final class RouteMeters extends LifecycleStrategySupport {
    private final CamelContext context;
    private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();

    public RouteMeters(CamelContext context) {
        this.context = context;
    }

    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return; // camel.metrics.enabled=false
        }
        Map<String, RouteStatus> statuses = RouteStatuses.of(context);
        for (Route route : routes) {
            if (statuses.containsKey(route.getRouteId())) {
                meters.computeIfAbsent(route.getRouteId(), id -> register(registry, id));
            }
        }
    }

    /** Over this object, which lasts: a route has a new consumer after each start. */
    private List<Meter> register(MeterRegistry registry, String routeId) {
        return List.of(
                FunctionCounter.builder("cdc.route.failures", this, self -> self.failures(routeId))
                        .description("Failed attempts of a route, each of which is followed by another or by a stop")
                        .tag("route", routeId)
                        .register(registry),
                Gauge.builder("cdc.route.up", this, self -> self.up(routeId))
                        .description("1 while a route does its work, 0 while it waits to try again or has given up")
                        .tag("route", routeId)
                        .register(registry));
    }

    private double failures(String routeId) {
        return status(routeId).map(RouteStatus::failures).orElse(0L);
    }

    private double up(String routeId) {
        return status(routeId).filter(RouteStatus::up).isPresent() ? 1 : 0;
    }

    private Optional<RouteStatus> status(String routeId) {
        return Optional.ofNullable(RouteStatuses.of(context).get(routeId));
    }

    @Override
    public void onRoutesRemove(Collection<Route> routes) {
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        for (Route route : routes) {
            List<Meter> gone = meters.remove(route.getRouteId());
            if (gone != null && registry != null) {
                gone.forEach(registry::remove);
            }
        }
    }
}
