package io.github.scyllapgcdc.connect;

import io.github.scyllapgcdc.connectors.Connector;
import io.github.scyllapgcdc.connectors.ConnectorView;
import io.github.scyllapgcdc.connectors.Connectors;
import io.github.scyllapgcdc.ops.RouteState;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * The bean {@code connect} of {@code routes/connect.camel.yaml}: one method for each request that Kafka Connect's REST interface has
 * and this one, too. Which path calls which is in the route file.
 */
public final class ConnectApi {
    /** The name of the bean. */
    public static final String BEAN = "connect";

    private static final int ACCEPTED = 202;
    private static final int NO_CONTENT = 204;
    private static final int CREATED = 201;
    private static final int OK = 200;

    private final Connectors connectors;
    private final Deployments deployments;
    private final ConnectHttp http = new ConnectHttp();
    private final String workerId;
    private final Supplier<String> clusterId;

    /**
     * The interface of one instance.
     *
     * @param workerId where it is reached, host:port
     * @param clusterId asks for the Kafka cluster's id
     */
    public ConnectApi(Connectors connectors, Deployments deployments, String workerId, Supplier<String> clusterId) {
        this.connectors = connectors;
        this.deployments = deployments;
        this.workerId = workerId;
        this.clusterId = clusterId;
    }

    /** {@code GET /}: the version that tools tell the interface's abilities by is that of Kafka's clients. */
    public void root(Exchange exchange) {
        http.answer(exchange, OK, () -> {
            Map<String, Object> root = new LinkedHashMap<>();
            root.put("version", AppInfoParser.getVersion());
            root.put("commit", AppInfoParser.getCommitId());
            root.put("kafka_cluster_id", clusterId.get());
            return root;
        });
    }

    /** {@code GET /connectors?expand=status&expand=info}. */
    public void list(Exchange exchange) {
        http.answer(exchange, OK, () -> {
            Set<String> expand = ConnectHttp.parameters(exchange, "expand");
            if (expand.isEmpty()) {
                return connectors.all().stream().map(Connector::name).toList();
            }
            Map<String, Object> expanded = new LinkedHashMap<>();
            for (ConnectorView view : connectors.views()) {
                Map<String, Object> entry = new LinkedHashMap<>();
                if (expand.contains("status")) {
                    entry.put("status", status(view));
                }
                if (expand.contains("info")) {
                    entry.put("info", info(view.connector()));
                }
                expanded.put(view.connector().name(), entry);
            }
            return expanded;
        });
    }

    /** {@code POST /connectors}. */
    public void create(Exchange exchange) {
        http.answer(exchange, CREATED, () -> {
            Map<String, Object> given = ConnectHttp.body(exchange);
            if (!(given.get("config") instanceof Map<?, ?> config)) {
                throw ConnectException.badRequest("config is missing: expected {\"name\": …, \"config\": {…}}");
            }
            ConnectorConfig wanted = ConnectorConfig.of(texts(config));
            String name = String.valueOf(given.get("name"));
            if (isThere(name)) {
                throw ConnectException.conflict("Connector " + name + " already exists");
            }
            return created(name, wanted, deployments.deploy(name, wanted));
        });
    }

    /** {@code GET /connectors/{name}}. */
    public void info(Exchange exchange, @Header("name") String name) {
        http.answer(exchange, OK, () -> info(connectors.get(name)));
    }

    /** {@code GET /connectors/{name}/config}. */
    public void config(Exchange exchange, @Header("name") String name) {
        http.answer(exchange, OK, () -> ConnectorConfig.of(connectors.get(name)));
    }

    /** {@code PUT /connectors/{name}/config}: makes the connector, or gives it another number of tasks. */
    public void configure(Exchange exchange, @Header("name") String name) {
        http.answer(exchange, isThere(name) ? OK : CREATED, () -> {
            ConnectorConfig wanted = ConnectorConfig.of(ConnectHttp.body(exchange));
            return created(name, wanted, deployments.deploy(name, wanted));
        });
    }

    /** {@code DELETE /connectors/{name}}. */
    public void delete(Exchange exchange, @Header("name") String name) {
        http.answer(exchange, NO_CONTENT, () -> {
            Connector connector = connectors.get(name);
            decide(() -> connectors.forget(name)); // first: what is gone can't be asked for again
            deployments.remove(connector);
            return null;
        });
    }

    /** {@code GET /connectors/{name}/status}. */
    public void status(Exchange exchange, @Header("name") String name) {
        http.answer(exchange, OK, () -> status(connectors.view(name)));
    }

    /** {@code PUT /connectors/{name}/pause}. */
    public void pause(Exchange exchange, @Header("name") String name) {
        http.answer(exchange, ACCEPTED, () -> decide(() -> connectors.pause(name)));
    }

    /** {@code PUT /connectors/{name}/resume}. */
    public void resume(Exchange exchange, @Header("name") String name) {
        http.answer(exchange, ACCEPTED, () -> decide(() -> connectors.resume(name)));
    }

    /**
     * {@code POST /connectors/{name}/restart}: of the connector with its tasks, in all instances; with {@code onlyFailed}, of the
     * tasks of this instance that failed.
     */
    public void restart(Exchange exchange, @Header("name") String name) {
        boolean tellsStatus = ConnectHttp.isTrue(exchange, "includeTasks");
        boolean onlyFailed = ConnectHttp.isTrue(exchange, "onlyFailed");
        http.answer(exchange, tellsStatus ? ACCEPTED : NO_CONTENT, () -> {
            if (onlyFailed) {
                restartFailed(connectors.view(name));
            } else {
                decide(() -> connectors.restart(name));
            }
            return tellsStatus ? status(connectors.view(name)) : null;
        });
    }

    private void restartFailed(ConnectorView view) {
        for (int task = 0; task < view.tasks().size(); task++) {
            if (hasFailed(view.tasks().get(task))) {
                connectors.restartTask(view.connector().name(), task);
            }
        }
    }

    private static boolean hasFailed(RouteState task) {
        return task.state() == RouteState.State.FAILED || (task.state() == RouteState.State.RUNNING && !task.up());
    }

    /** {@code GET /connectors/{name}/tasks}. */
    public void tasks(Exchange exchange, @Header("name") String name) {
        http.answer(exchange, OK, () -> {
            Connector connector = connectors.get(name);
            return taskIds(name, connector.routes().size()).stream()
                    .map(id -> Map.of("id", id, "config", ConnectorConfig.of(connector)))
                    .toList();
        });
    }

    /** {@code GET /connectors/{name}/tasks/{task}/status}. */
    public void taskStatus(Exchange exchange, @Header("name") String name, @Header("task") String task) {
        http.answer(exchange, OK, () -> {
            int number = number(task);
            connectors.task(name, number);
            return taskStatus(number, connectors.view(name).tasks().get(number));
        });
    }

    /** {@code POST /connectors/{name}/tasks/{task}/restart}: in this instance. */
    public void restartTask(Exchange exchange, @Header("name") String name, @Header("task") String task) {
        http.answer(exchange, NO_CONTENT, () -> {
            connectors.restartTask(name, number(task));
            return null;
        });
    }

    /** {@code GET /connector-plugins}. */
    public void plugins(Exchange exchange) {
        String version = ConnectApi.class.getPackage().getImplementationVersion();
        http.answer(exchange, OK, () -> ConnectorConfig.plugins(version == null ? "0" : version));
    }

    /** A decision that is kept in PostgreSQL. */
    @FunctionalInterface
    private interface Decision {
        void take() throws SQLException;
    }

    private static Object decide(Decision decision) {
        try {
            decision.take();
            return null;
        } catch (SQLException e) {
            throw new ConnectException(
                    ConnectHttp.UNAVAILABLE, "PostgreSQL does not take the decision, see /health: " + e.getMessage());
        }
    }

    private boolean isThere(String name) {
        return connectors.all().stream().anyMatch(connector -> connector.name().equals(name));
    }

    private static Map<String, Object> texts(Map<?, ?> config) {
        Map<String, Object> texts = new LinkedHashMap<>();
        config.forEach((name, value) -> texts.put(name.toString(), value));
        return texts;
    }

    private static Map<String, Object> info(Connector connector) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("name", connector.name());
        info.put("config", ConnectorConfig.of(connector));
        info.put("tasks", taskIds(connector.name(), connector.routes().size()));
        info.put("type", connector.type().text());
        return info;
    }

    /** What a connector will be whose routes are not loaded yet. */
    private static Map<String, Object> created(String name, ConnectorConfig wanted, int tasks) {
        List<String> routes =
                taskIds(name, tasks).stream().map(Object::toString).toList();
        return info(new Connector(name, wanted.type(), wanted.table().topic(), "", routes));
    }

    private static List<Map<String, Object>> taskIds(String name, int tasks) {
        return IntStream.range(0, tasks)
                .mapToObj(task -> {
                    Map<String, Object> id = new LinkedHashMap<>();
                    id.put("connector", name);
                    id.put("task", task);
                    return id;
                })
                .collect(Collectors.toList());
    }

    private Map<String, Object> status(ConnectorView view) {
        Map<String, Object> connector = new LinkedHashMap<>();
        connector.put("state", view.paused() ? "PAUSED" : allDisabled(view) ? "UNASSIGNED" : "RUNNING");
        connector.put("worker_id", workerId);
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("name", view.connector().name());
        status.put("connector", connector);
        List<RouteState> tasks = view.tasks();
        status.put(
                "tasks",
                IntStream.range(0, tasks.size())
                        .mapToObj(task -> taskStatus(task, tasks.get(task)))
                        .toList());
        status.put("type", view.connector().type().text());
        return status;
    }

    private static boolean allDisabled(ConnectorView view) {
        return view.tasks().stream().allMatch(task -> task.state() == RouteState.State.DISABLED);
    }

    private Map<String, Object> taskStatus(int number, RouteState task) {
        String state = switch (task.state()) {
            case PAUSED -> "PAUSED";
            case DISABLED, STARTING -> "UNASSIGNED";
            default -> hasFailed(task) ? "FAILED" : "RUNNING";
        };
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("id", number);
        status.put("state", state);
        status.put("worker_id", workerId);
        if (state.equals("FAILED")) {
            status.put("trace", task.detail().orElse("stopped"));
        }
        return status;
    }

    private static int number(String task) {
        try {
            return Integer.parseInt(task);
        } catch (NumberFormatException e) {
            throw new ConnectException(ConnectHttp.NOT_FOUND, "there is no task " + task + ": tasks have numbers");
        }
    }
}
