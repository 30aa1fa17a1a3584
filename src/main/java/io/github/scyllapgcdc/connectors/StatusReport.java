package io.github.scyllapgcdc.connectors;

import io.github.scyllapgcdc.ops.Failures;
import io.github.scyllapgcdc.ops.RouteState;
import io.github.scyllapgcdc.ops.RouteStates;
import io.github.scyllapgcdc.sink.SinkBacklog;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bean {@code connectorStatus}: how the connectors stand, as JSON. Asks Kafka and PostgreSQL for the sinks' backlog. */
public final class StatusReport {
    /** The name of the bean. */
    public static final String BEAN = "connectorStatus";

    private static final Logger LOG = LoggerFactory.getLogger(StatusReport.class);

    private final CamelContext context;
    private final Connectors connectors;
    private final RouteStates routes;
    private final SinkBacklog backlog;

    public StatusReport(CamelContext context, Connectors connectors, RouteStates routes, SinkBacklog backlog) {
        this.context = context;
        this.connectors = connectors;
        this.routes = routes;
        this.backlog = backlog;
    }

    /** {@code GET /status}: {@code connectors}, {@code files} that have errors, and {@code trouble} with what was decided. */
    public void report(Exchange exchange) {
        List<ConnectorView> views = connectors.views();
        Map<String, Long> waiting = backlog(views);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put(
                "connectors",
                views.stream()
                        .map(view -> entry(view, waiting.get(view.connector().name())))
                        .toList());
        report.put("files", routes.fileErrors());
        routes.trouble().ifPresent(trouble -> report.put("trouble", trouble));
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(report);
    }

    /** Takes what rates are made of; to be called from time to time. */
    public void sample() {
        connectors.sample();
    }

    /** @param waiting records that a sink has before it, of all instances together; null where that is not known */
    private Map<String, Object> entry(ConnectorView view, Long waiting) {
        Connector connector = view.connector();
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", connector.name());
        entry.put("type", connector.type().text());
        entry.put("table", connector.topic());
        entry.put("file", connector.file());
        entry.put("state", view.state().name());
        entry.put("up", view.up());
        entry.put("paused", view.paused());
        boolean knowsNoneOfThem =
                waiting != null && waiting > 0 && view.lagMillis().orElse(0) == 0;
        entry.put("lagRecords", waiting);
        entry.put(
                "lagSeconds",
                view.lagMillis().isEmpty() || knowsNoneOfThem
                        ? null
                        : view.lagMillis().getAsLong() / 1000.0);
        entry.put("recordsPerSecond", Math.round(view.recordsPerSecond() * 10) / 10.0);
        entry.put("records", view.changes());
        entry.put("errors", view.failures());
        entry.put("deadLetters", view.deadLetters());
        entry.put("tasks", view.tasks().stream().map(this::task).toList());
        return entry;
    }

    private Map<String, Object> task(RouteState task) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("route", task.id());
        entry.put("state", task.state().name());
        entry.put("up", task.up());
        entry.put("detail", task.detail().orElse(""));
        Route route = context.getRoute(task.id());
        entry.put("uptimeMillis", route == null ? 0 : route.getUptimeMillis());
        return entry;
    }

    /** Of the sinks, by their names; empty while a server is away. */
    private Map<String, Long> backlog(List<ConnectorView> views) {
        Map<String, SinkBacklog.Reader> readers = new HashMap<>();
        for (ConnectorView view : views) {
            Connector connector = view.connector();
            Route route = context.getRoute(connector.routes().get(0));
            if (route != null
                    && route.getEndpoint() instanceof KafkaEndpoint kafka
                    && connector.type() == Connector.Type.SINK) {
                readers.put(
                        connector.name(),
                        new SinkBacklog.Reader(kafka.getConfiguration().getGroupId(), connector.topic()));
            }
        }
        try {
            return backlog.records(readers);
        } catch (SQLException | ExecutionException | KafkaException e) {
            LOG.debug("the sinks' backlog is not known: {}", Failures.line(e));
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }
}
