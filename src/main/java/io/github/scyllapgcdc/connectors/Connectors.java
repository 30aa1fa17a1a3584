package io.github.scyllapgcdc.connectors;

import io.github.scyllapgcdc.ops.RouteState;
import io.github.scyllapgcdc.ops.RouteStates;
import io.github.scyllapgcdc.ops.RouteStatuses;
import io.github.scyllapgcdc.status.RouteStatus;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;

/**
 * The connectors of this instance: how they stand, and what is decided of them for all instances. A decision is followed within
 * {@code connectors.poll.interval.ms}.
 */
public final class Connectors {
    private final CamelContext context;
    private final RouteStates states;
    private final DesiredStates desired;
    private final Rates rates = new Rates();

    public Connectors(CamelContext context, RouteStates states, DesiredStates desired) {
        this.context = context;
        this.states = states;
        this.desired = desired;
    }

    /** All of them, in the order of their names. */
    public List<Connector> all() {
        Map<String, String> files = states.files();
        Map<String, List<Connector.Task>> tasks = new TreeMap<>();
        for (String routeId : files.keySet()) {
            Route route = context.getRoute(routeId);
            if (route != null) {
                Connector.taskOf(route)
                        .ifPresent(task -> tasks.computeIfAbsent(task.connector(), name -> new ArrayList<>())
                                .add(task));
            }
        }
        return tasks.values().stream().map(of -> connector(of, files)).toList();
    }

    private static Connector connector(List<Connector.Task> tasks, Map<String, String> files) {
        tasks.sort(Comparator.comparingInt(Connector.Task::number));
        Connector.Task first = tasks.get(0);
        return new Connector(
                first.connector(),
                first.type(),
                first.topic(),
                files.get(first.routeId()),
                tasks.stream().map(Connector.Task::routeId).toList());
    }

    /**
     * The connector of a name.
     *
     * @throws NoSuchConnectorException if there is none
     */
    public Connector get(String name) {
        List<Connector> all = all();
        return all.stream()
                .filter(connector -> connector.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchConnectorException("Connector " + name + " not found; there are "
                        + (all.isEmpty()
                                ? "none"
                                : all.stream().map(Connector::name).collect(Collectors.joining(", ")))));
    }

    /** How each stands. */
    public List<ConnectorView> views() {
        Map<String, RouteState> byId =
                states.all().stream().collect(Collectors.toMap(RouteState::id, Function.identity(), (a, b) -> a));
        Map<String, RouteStatus> statuses = RouteStatuses.of(context);
        return all().stream().map(connector -> view(connector, byId, statuses)).toList();
    }

    /** How one stands. */
    public ConnectorView view(String name) {
        Connector connector = get(name);
        return views().stream()
                .filter(view -> view.connector().name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new NoSuchConnectorException("Connector " + connector.name() + " not found any more"));
    }

    private ConnectorView view(Connector connector, Map<String, RouteState> states, Map<String, RouteStatus> statuses) {
        List<RouteStatus> own = connector.routes().stream()
                .map(statuses::get)
                .filter(Objects::nonNull)
                .toList();
        OptionalLong lag = own.stream()
                .map(RouteStatus::lagMillis)
                .flatMapToLong(OptionalLong::stream)
                .max();
        return new ConnectorView(
                connector,
                desired.of(connector.name()).paused(),
                connector.routes().stream()
                        .map(states::get)
                        .filter(Objects::nonNull)
                        .toList(),
                connector.routes().stream().mapToDouble(rates::perSecond).sum(),
                own.stream().mapToLong(RouteStatus::changes).sum(),
                own.stream().mapToLong(RouteStatus::failures).sum(),
                own.stream().mapToLong(RouteStatus::deadLetters).sum(),
                lag);
    }

    /** Takes the counters' values, from which rates are made; to be called from time to time. */
    public void sample() {
        Map<String, RouteStatus> statuses = RouteStatuses.of(context);
        rates.only(statuses.keySet());
        statuses.forEach((route, status) -> rates.sample(route, status.changes()));
    }

    /** Decides that a connector is paused: its routes stop, and go on later where they stopped. */
    public void pause(String name) throws SQLException {
        desired.pause(get(name).name(), true);
    }

    /** Decides that a connector goes on. */
    public void resume(String name) throws SQLException {
        desired.pause(get(name).name(), false);
    }

    /** Asks for a restart; a paused connector stays paused. */
    public void restart(String name) throws SQLException {
        desired.restart(get(name).name());
    }

    /**
     * Asks for the restart of one task, in this instance.
     *
     * @throws NoSuchConnectorException if there is none of that number
     */
    public void restartTask(String name, int number) {
        desired.restartTask(task(name, number));
    }

    /** The route of a task. */
    public String task(String name, int number) {
        return Optional.of(get(name).routes())
                .filter(routes -> number >= 0 && number < routes.size())
                .map(routes -> routes.get(number))
                .orElseThrow(() -> new NoSuchConnectorException("Connector " + name + " has no task " + number));
    }

    /** Forgets what was decided of a connector that is removed. */
    public void forget(String name) throws SQLException {
        desired.forget(name);
    }
}
