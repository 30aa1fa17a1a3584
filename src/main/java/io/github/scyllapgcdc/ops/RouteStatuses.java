package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.status.RouteStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;

/** What routes tell about themselves, wherever they keep it. */
public final class RouteStatuses {
    private RouteStatuses() {}

    /** The status of one route. */
    public static Optional<RouteStatus> of(CamelContext context, String routeId) {
        Route route = context.getRoute(routeId);
        if (route != null && route.getConsumer() instanceof RouteStatus own) {
            return Optional.of(own);
        }
        return Optional.ofNullable(
                context.getRegistry().lookupByNameAndType(RouteStatus.bean(routeId), RouteStatus.class));
    }

    /** The statuses of the routes that have one, by route id. */
    public static Map<String, RouteStatus> of(CamelContext context) {
        Map<String, RouteStatus> statuses = new HashMap<>();
        context.getRegistry().findByType(RouteStatus.class).forEach(status -> statuses.put(status.routeId(), status));
        for (Route route : context.getRoutes()) {
            if (route.getConsumer() instanceof RouteStatus own) {
                statuses.put(route.getRouteId(), own);
            }
        }
        return statuses;
    }
}
