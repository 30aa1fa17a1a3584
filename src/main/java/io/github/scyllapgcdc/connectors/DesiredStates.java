package io.github.scyllapgcdc.connectors;

import io.github.scyllapgcdc.connectors.ConnectorStates.State;
import io.github.scyllapgcdc.ops.Failures;
import io.github.scyllapgcdc.ops.RouteFiles;
import io.github.scyllapgcdc.status.RouteIntent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean {@code desiredStates} of {@code routes/connectors.camel.yaml}: brings this instance's routes to what was decided of their
 * connectors, here or in another instance. While PostgreSQL is away, what was read last holds.
 */
public final class DesiredStates implements RouteIntent {
    /** The name of the bean. */
    public static final String BEAN = "desiredStates";

    private static final Logger LOG = LoggerFactory.getLogger(DesiredStates.class);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final CamelContext context;
    private final ConnectorStates states;
    private final Map<String, State> known = new ConcurrentHashMap<>();
    private final Set<String> tasksToRestart = ConcurrentHashMap.newKeySet();
    /** Routes that somebody would have started, had they not been paused. */
    private final Set<String> heldBack = ConcurrentHashMap.newKeySet();

    private volatile String trouble;
    private final CountDownLatch read = new CountDownLatch(1);
    private Map<String, State> applied;
    private volatile boolean created;
    private volatile RouteFiles files;

    public DesiredStates(CamelContext context, DataSource dataSource) {
        this.context = context;
        this.states = new ConnectorStates(dataSource);
    }

    /** Tells whose routes are to follow. */
    public void follow(RouteFiles tableRoutes) {
        this.files = tableRoutes;
    }

    /**
     * Waits until it is known what was decided, so that nothing is started that is paused.
     *
     * @return false if the process was asked to stop before that
     */
    public boolean await(BooleanSupplier stopping) throws InterruptedException {
        if (context.getRoutes().stream().noneMatch(DesiredStates::readsThem)) {
            LOG.warn(
                    "no route calls the bean {}, so connectors can't be paused: routes/connectors.camel.yaml is missing",
                    BEAN);
            return true;
        }
        while (!read.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (stopping.getAsBoolean()) {
                return false;
            }
        }
        return true;
    }

    private static boolean readsThem(Route route) {
        return route.getRouteId().equals("connectors-follow");
    }

    @Override
    public boolean wanted(String routeId) {
        Route route = context.getRoute(routeId);
        boolean wanted = route == null
                || Connector.taskOf(route)
                        .map(task -> !of(task.connector()).paused())
                        .orElse(true);
        if (!wanted) {
            heldBack.add(routeId); // whoever asked will not ask again
        }
        return wanted;
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    State of(String connector) {
        return known.getOrDefault(connector, State.UNTOUCHED);
    }

    /** The query for what was decided; creates the table it asks first. */
    public String query() throws SQLException {
        if (!created) {
            states.create();
            created = true;
        }
        return ConnectorStates.SELECT;
    }

    /** Follows what the query found. */
    public synchronized void follow(List<Map<String, Object>> rows) {
        Map<String, State> now = ConnectorStates.of(rows);
        known.putAll(now);
        known.keySet().retainAll(now.keySet());
        if (applied == null) {
            applied = now; // restarts that were asked for before this instance began are none of its business
        }
        if (trouble != null) {
            LOG.info("what was decided of the connectors is read again");
            trouble = null;
        }
        read.countDown();
        RouteFiles following = files;
        if (following != null && following.ready()) {
            for (String routeId : following.files().keySet()) {
                Optional.ofNullable(context.getRoute(routeId))
                        .flatMap(Connector::taskOf)
                        .ifPresent(task -> follow(following, task));
            }
            applied = new HashMap<>(now);
        }
    }

    private void follow(RouteFiles following, Connector.Task task) {
        State before = applied.getOrDefault(task.connector(), State.UNTOUCHED);
        State now = of(task.connector());
        String id = task.routeId();
        ServiceStatus status = context.getRouteController().getRouteStatus(id);
        boolean stopped = status == null || status.isStopped();
        if (now.paused()) {
            if (!stopped || following.startFailure(id).isPresent()) {
                following.stop(id);
                LOG.info("route {} is paused", id);
            }
        } else if (heldBack.remove(id) || before.paused()) {
            LOG.info("route {} is resumed", id);
            following.start(id);
        } else if (now.restarts() > before.restarts()) {
            restart(following, id);
        }
    }

    private static void restart(RouteFiles following, String routeId) {
        LOG.info("route {} is restarted, as asked", routeId);
        following.stop(routeId);
        following.start(routeId);
    }

    /** What was asked of this instance alone; needs no server. */
    public synchronized void restartTasks() {
        RouteFiles following = files;
        Set<String> due = Set.copyOf(tasksToRestart);
        tasksToRestart.removeAll(due);
        if (following != null) {
            due.forEach(routeId -> restart(following, routeId));
        }
    }

    /** PostgreSQL could not be asked, or refused: what was read last holds. */
    public void unread(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        String reason =
                "what was decided of the connectors (cdc_metadata.connectors) can't be read: " + Failures.line(failure);
        if (!reason.equals(trouble)) {
            LOG.warn("{}; what was read last holds", reason);
        }
        trouble = reason;
    }

    void pause(String connector, boolean paused) throws SQLException {
        states.pause(connector, paused);
        known.merge(connector, new State(paused, 0), (was, given) -> new State(paused, was.restarts()));
    }

    void restart(String connector) throws SQLException {
        states.restart(connector);
    }

    /** Restarts one route, of this instance alone. */
    void restartTask(String routeId) {
        tasksToRestart.add(routeId);
    }

    void forget(String connector) throws SQLException {
        states.forget(connector);
    }
}
