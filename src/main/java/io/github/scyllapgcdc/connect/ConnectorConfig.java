package io.github.scyllapgcdc.connect;

import io.github.scyllapgcdc.connectors.Connector;
import io.github.scyllapgcdc.deploy.RouteFolder;
import io.github.scyllapgcdc.event.TableId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A connector's configuration in Connect's form: names and values that are texts. A table's routes have few of their own; what is not
 * among them is set in application.properties or in the route file.
 *
 * @param name what it is to be called, where that is said here as well
 * @param tasks how many tasks share the source's streams; null where that is not given
 */
record ConnectorConfig(Connector.Type type, TableId table, Integer tasks, Optional<String> name) {
    static final String NAME = "name";
    static final String CLASS = "connector.class";
    static final String TASKS = "tasks.max";
    static final String TABLE = "scylla.table";
    static final String TOPICS = "topics";
    /** The classes that the routes are made with. */
    static final String SOURCE_CLASS = "io.github.scyllapgcdc.source.ScyllaCdcComponent";

    static final String SINK_CLASS = "io.github.scyllapgcdc.sink.PostgresSinkComponent";

    private static final Set<String> OF_SOURCE = Set.of(NAME, CLASS, TASKS, TABLE);
    private static final Set<String> OF_SINK = Set.of(NAME, CLASS, TASKS, TOPICS);

    /**
     * Reads a configuration.
     *
     * @throws ConnectException naming what is missing, wrong or not known
     */
    static ConnectorConfig of(Map<String, ?> given) {
        String className = text(given, CLASS);
        Connector.Type type = switch (className) {
            case SOURCE_CLASS, "ScyllaCdcComponent", "scylla-cdc" -> Connector.Type.SOURCE;
            case SINK_CLASS, "PostgresSinkComponent", "postgres-sink" -> Connector.Type.SINK;
            default ->
                throw ConnectException.badRequest(
                        CLASS + "=" + className + " is refused: expected " + SOURCE_CLASS + " or " + SINK_CLASS);
        };
        Set<String> known = type == Connector.Type.SOURCE ? OF_SOURCE : OF_SINK;
        for (String name : given.keySet()) {
            if (!known.contains(name)) {
                throw ConnectException.badRequest(name + " is not known here: expected " + new TreeSet<>(known)
                        + "; what else can be set is in application.properties and in the table's route file");
            }
        }
        String property = type == Connector.Type.SOURCE ? TABLE : TOPICS;
        try {
            return new ConnectorConfig(
                    type,
                    TableId.parse(text(given, property)),
                    tasks(type, given.get(TASKS)),
                    Optional.ofNullable(given.get(NAME)).map(Object::toString));
        } catch (IllegalArgumentException e) {
            throw ConnectException.badRequest(property + ": " + e.getMessage());
        }
    }

    private static String text(Map<String, ?> given, String name) {
        Object value = given.get(name);
        if (value == null || value.toString().isBlank()) {
            throw ConnectException.badRequest(name + " is missing");
        }
        return value.toString().strip();
    }

    private static Integer tasks(Connector.Type type, Object value) {
        if (value == null) {
            return null;
        }
        try {
            int tasks = Integer.parseInt(value.toString().strip());
            if (type == Connector.Type.SINK && tasks == 1) {
                return null;
            }
            return tasks;
        } catch (NumberFormatException e) {
            throw ConnectException.badRequest(TASKS + "=" + value + " is refused: expected a number");
        }
    }

    /** What a connector that is there was made with. */
    static Map<String, String> of(Connector connector) {
        boolean source = connector.type() == Connector.Type.SOURCE;
        Map<String, String> config = new LinkedHashMap<>();
        config.put(CLASS, source ? SOURCE_CLASS : SINK_CLASS);
        config.put(TASKS, Integer.toString(connector.routes().size()));
        config.put(source ? TABLE : TOPICS, connector.topic());
        config.put(NAME, connector.name());
        return config;
    }

    RouteFolder.Type half() {
        return type == Connector.Type.SOURCE ? RouteFolder.Type.SOURCE : RouteFolder.Type.SINK;
    }

    /** What Connect's {@code GET /connector-plugins} lists. */
    static List<Map<String, String>> plugins(String version) {
        return List.of(
                Map.of("class", SINK_CLASS, "type", "sink", "version", version),
                Map.of("class", SOURCE_CLASS, "type", "source", "version", version));
    }
}
