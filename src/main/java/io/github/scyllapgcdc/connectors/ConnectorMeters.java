package io.github.scyllapgcdc.connectors;

import io.github.scyllapgcdc.deadletter.DeadLetterTopic;
import io.github.scyllapgcdc.metrics.Meters;
import io.github.scyllapgcdc.ops.RouteState;
import io.github.scyllapgcdc.ops.RouteStates;
import io.github.scyllapgcdc.ops.RouteStatuses;
import io.github.scyllapgcdc.status.RouteStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * How the tasks of the connectors stand, as meters that come and go with their routes. A figure that is not known at the moment is not a
 * number.
 */
public final class ConnectorMeters extends LifecycleStrategySupport {
    private static final double MILLIS = 1e-3;
    private static final double PERCENT = 1e-2;

    private final CamelContext context;
    private final RouteStates states;
    private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();

    public ConnectorMeters(CamelContext context, RouteStates states) {
        this.context = context;
        this.states = states;
    }

    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return; // camel.metrics.enabled=false
        }
        for (Route route : routes) {
            Connector.taskOf(route)
                    .ifPresent(task -> meters.computeIfAbsent(
                            route.getRouteId(), id -> new Registration(registry, task).meters()));
        }
    }

    @Override
    public void onRoutesRemove(Collection<Route> routes) {
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        for (Route route : routes) {
            Connector.taskOf(route)
                    .filter(task -> task.type() == Connector.Type.SINK)
                    .ifPresent(task -> Meters.of(context).sinkIsThere(task.topic(), false));
            List<Meter> gone = meters.remove(route.getRouteId());
            if (gone != null && registry != null) {
                gone.forEach(registry::remove);
            }
        }
    }

    /** Over the outer object, which lasts: a route has a new consumer after each start. */
    private final class Registration {
        private final MeterRegistry registry;
        private final String routeId;
        private final Tags tags;
        private final List<Meter> made = new ArrayList<>();

        private Registration(MeterRegistry registry, Connector.Task task) {
            this.registry = registry;
            this.routeId = task.routeId();
            this.tags = Tags.of(
                    "connector", task.connector(), "table", task.topic(), "task", Integer.toString(task.number()));
            Tags withType = tags.and("type", task.type().text());
            state(withType, "up", "1 while a task is as it is meant to be: it works, or is paused or disabled", true);
            state(withType, "running", "1 while a task works", false);
            counter(
                    "cdc.connector.failures",
                    "Failed attempts of a task, each followed by another one or by a stop",
                    withType,
                    RouteStatus::failures);
            if (task.type() == Connector.Type.SOURCE) {
                source(task);
            } else {
                sink(task);
            }
        }

        private void source(Connector.Task task) {
            Meters.of(context).source(task.topic());
            gauge(
                    "cdc.source.lag.seconds",
                    "How long ago the moment is up to which all is in Kafka",
                    status -> number(status.lagMillis(), MILLIS));
            deadLetters(DeadLetterTopic.SOURCE);
            counter(
                    "cdc.source.refreshed.rows",
                    "Rows that were read again because somebody asked for that",
                    tags,
                    status -> figure(status, "refreshed", 1));
            counter(
                    "cdc.source.late.changes",
                    "Changes that came later than the confidence window allows, in the sampled windows alone",
                    tags,
                    status -> figure(status, "missedLateChanges", 1));
            gauge(
                    "cdc.source.clock.offset.seconds",
                    "By how much the source's clock is before ours",
                    status -> figure(status, "clockOffsetMillis", MILLIS));
            gauge(
                    "cdc.source.confidence.window.seconds",
                    "How old a change has to be before it counts as final",
                    status -> figure(status, "confidenceWindowMillis", MILLIS));
            gauge(
                    "cdc.source.load.ratio",
                    "How much of the load under way is done, from 0 to 1",
                    status -> figure(status, "loadedPercentOfRing", PERCENT));
        }

        private void sink(Connector.Task task) {
            Meters.of(context).sink(task.topic());
            Meters.of(context).sinkIsThere(task.topic(), true);
            gauge(
                    "cdc.sink.lag.seconds",
                    "How long ago the newest applied record was published; 0 if all are",
                    status -> number(status.lagMillis(), MILLIS));
            gauge(
                    "cdc.sink.lag.records",
                    "Records in this instance's partitions that are not applied",
                    status -> number(status.lagRecords(), 1));
            deadLetters(DeadLetterTopic.SINK);
        }

        private void deadLetters(String topic) {
            counter(
                    "cdc.dead.letters",
                    "Changes that were put aside, by dead-letter topic",
                    tags.and("topic", topic),
                    RouteStatus::deadLetters);
        }

        private List<Meter> meters() {
            return List.copyOf(made);
        }

        private void state(Tags withType, String name, String description, boolean alsoIfMeantNotTo) {
            made.add(Gauge.builder(
                            "cdc.connector." + name,
                            states,
                            now -> now.of(routeId)
                                            .filter(RouteState::up)
                                            .filter(state ->
                                                    alsoIfMeantNotTo || state.state() == RouteState.State.RUNNING)
                                            .isPresent()
                                    ? 1
                                    : 0)
                    .description(description)
                    .tags(withType)
                    .register(registry));
        }

        private void counter(String name, String description, Tags counterTags, ToDoubleFunction<RouteStatus> value) {
            made.add(FunctionCounter.builder(name, context, c -> ask(c, value, 0))
                    .description(description)
                    .tags(counterTags)
                    .register(registry));
        }

        private void gauge(String name, String description, ToDoubleFunction<RouteStatus> value) {
            made.add(Gauge.builder(name, context, c -> ask(c, value, Double.NaN))
                    .description(description)
                    .tags(tags)
                    .register(registry));
        }

        private double ask(CamelContext camel, ToDoubleFunction<RouteStatus> value, double otherwise) {
            return RouteStatuses.of(camel, routeId).map(value::applyAsDouble).orElse(otherwise);
        }
    }

    private static double number(OptionalLong value, double unit) {
        return value.isEmpty() ? Double.NaN : value.getAsLong() * unit;
    }

    private static double figure(RouteStatus status, String name, double unit) {
        return status.figures().get(name) instanceof Number number ? number.doubleValue() * unit : Double.NaN;
    }
}
