package io.github.scyllapgcdc.connectors;

import io.github.scyllapgcdc.ops.Failures;
import io.github.scyllapgcdc.ops.RouteState;
import io.github.scyllapgcdc.ops.RouteStates;
import io.github.scyllapgcdc.sink.SinkBacklog;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaEndpoint;
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

    /** {@code GET /status}: {@code connectors}, and {@code files} that have errors. */
    public void report(Exchange exchange) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("connectors", connectors.views().stream().map(this::entry).toList());
        report.put("files", routes.fileErrors());
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(report);
    }

    /** Takes what rates are made of; to be called from time to time. */
    public void sample() {
        connectors.sample();
    }

    private Map<String, Object> entry(ConnectorView view) {
        Connector connector = view.connector();
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", connector.name());
        entry.put("type", connector.type().text());
        entry.put("table", connector.topic());
        entry.put("file", connector.file());
        entry.put("state", view.state().name());
        entry.put("up", view.up());
        entry.put("paused", view.paused());
        Long waiting = connector.type() == Connector.Type.SINK ? backlog(connector) : null;
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
        entry.put("tasks", view.tasks().stream().map(StatusReport::task).toList());
        return entry;
    }

    private static Map<String, Object> task(RouteState task) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("route", task.id());
        entry.put("state", task.state().name());
        entry.put("up", task.up());
        entry.put("detail", task.detail().orElse(""));
        return entry;
    }

    /** Of all instances together; null while a server is away. */
    private Long backlog(Connector connector) {
        Route route = context.getRoute(connector.routes().get(0));
        if (route == null || !(route.getEndpoint() instanceof KafkaEndpoint kafka)) {
            return null;
        }
        try {
            return backlog.records(kafka.getConfiguration().getGroupId(), connector.topic());
        } catch (SQLException | ExecutionException e) {
            LOG.debug("the backlog of {} is not known: {}", connector.name(), Failures.line(e));
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
