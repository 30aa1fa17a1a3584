package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.ops.RouteState.State;
import io.github.scyllapgcdc.status.RouteIntent;
import io.github.scyllapgcdc.status.RouteStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;

/** How the routes stand: what Camel, their own statuses, their files, the watchdog and people's decisions say of them. */
public final class RouteStates {
    private static final String PAUSED = "paused: ./cdc resume goes on where it stopped";

    private final CamelContext context;
    private final Predicate<Route> mayRun;
    private final RouteIntent intent;
    private volatile RouteFiles files;
    private volatile Watchdog watchdog;

    /**
     * The states of a context's routes.
     *
     * @param mayRun false for a route that is loaded but not to be started in this instance
     * @param intent false for a route that is paused
     */
    public RouteStates(CamelContext context, Predicate<Route> mayRun, RouteIntent intent) {
        this.context = context;
        this.mayRun = mayRun;
        this.intent = intent;
    }

    /**
     * The tables' routes, once the servers are there and they are loaded.
     *
     * @param watchdog who watches them, or null
     */
    public void follow(RouteFiles files, Watchdog watchdog) {
        this.files = files;
        this.watchdog = watchdog;
    }

    /** Whether the tables' routes were loaded. */
    public boolean loaded() {
        return files != null && files.ready();
    }

    /** The errors of table files that are not loaded as they are, by file name. */
    public Map<String, String> fileErrors() {
        return files == null ? Map.of() : files.errors();
    }

    /** What keeps people's decisions from being followed; empty while nothing does. */
    public Optional<String> trouble() {
        return intent.trouble();
    }

    /** The routes of the tables' files, each with its file. */
    public Map<String, String> files() {
        return files == null ? Map.of() : files.files();
    }

    /** Every route. */
    public List<RouteState> all() {
        Map<String, RouteStatus> statuses = RouteStatuses.of(context);
        Map<String, String> fileOf = files();
        return context.getRoutes().stream()
                .map(route -> state(
                        route,
                        Optional.ofNullable(statuses.get(route.getRouteId())),
                        Optional.ofNullable(fileOf.get(route.getRouteId()))))
                .toList();
    }

    /** One route; empty if it is not there, or no more. */
    public Optional<RouteState> of(String routeId) {
        return Optional.ofNullable(context.getRoute(routeId))
                .map(route -> state(
                        route,
                        RouteStatuses.of(context, routeId),
                        files == null ? Optional.empty() : files.fileOf(routeId)));
    }

    private RouteState state(Route route, Optional<RouteStatus> status, Optional<String> file) {
        String id = route.getRouteId();
        ServiceStatus camel = context.getRouteController().getRouteStatus(id);
        Map<String, Object> figures = status.map(RouteStatus::figures).orElse(Map.of());
        boolean stopped = camel == null || camel.isStopped();
        if (stopped && files != null && files.isOff(id)) {
            return disabled(id, "not started: autoStartup is false in its file", file);
        }
        if (stopped && !mayRun.test(route)) {
            return disabled(id, "not started in this instance: source.enabled=false", file);
        }
        if (stopped && !intent.wanted(id)) {
            return new RouteState(id, true, State.PAUSED, String.valueOf(camel), Optional.of(PAUSED), figures, file);
        }
        Optional<String> failure = files == null ? Optional.empty() : files.startFailure(id);
        if (watchdog != null) {
            failure = failure.or(() -> watchdog.verdict(id));
        }
        boolean started = camel == ServiceStatus.Started;
        boolean up = started && failure.isEmpty() && status.map(RouteStatus::up).orElse(true);
        boolean starting = files != null && files.isStarting(id);
        State state = starting ? State.STARTING : started && failure.isEmpty() ? State.RUNNING : State.FAILED;
        return new RouteState(
                id, up, state, String.valueOf(camel), failure.or(() -> status.map(RouteStatus::detail)), figures, file);
    }

    private static RouteState disabled(String id, String why, Optional<String> file) {
        return new RouteState(id, true, State.DISABLED, "Stopped", Optional.of(why), Map.of(), file);
    }
}
