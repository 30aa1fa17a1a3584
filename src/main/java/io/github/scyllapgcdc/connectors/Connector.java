package io.github.scyllapgcdc.connectors;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Route;

/**
 * One table's source or sink.
 *
 * @param name such as {@code scylla-source-users}: the id of its route; of several routes, what their ids begin with
 * @param type what it does
 * @param topic what it publishes or applies, {@code keyspace.table}
 * @param file the route file's name
 * @param routes the ids of its routes, by the number of the task
 */
public record Connector(String name, Type type, String topic, String file, List<String> routes) {
    private static final Pattern TASKS = Pattern.compile("[?&]tasks=(\\d+)");
    private static final Pattern TASK = Pattern.compile("[?&]task=(\\d+)");

    public Connector {
        routes = List.copyOf(routes);
    }

    /** What a connector does. */
    public enum Type {
        SOURCE("scylla-cdc"),
        SINK("kafka-sink");

        private final String scheme;

        Type(String scheme) {
            this.scheme = scheme;
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A route as a part of a connector. */
    record Task(String connector, Type type, String topic, int number, String routeId) {}

    /** What a route is a part of; empty for one that is neither source nor sink. */
    static Optional<Task> taskOf(Route route) {
        String uri = route.getEndpoint().getEndpointUri();
        for (Type type : Type.values()) {
            if (uri.startsWith(type.scheme + ":")) {
                String topic = uri.replaceFirst("^[^:]*:(//)?", "").replaceFirst("\\?.*", "");
                boolean several = type == Type.SOURCE && number(TASKS, uri, 1) > 1;
                int task = type == Type.SOURCE ? number(TASK, uri, 0) : 0;
                String id = route.getRouteId();
                return Optional.of(
                        new Task(several ? id.replaceFirst("-" + task + "$", "") : id, type, topic, task, id));
            }
        }
        return Optional.empty();
    }

    private static int number(Pattern pattern, String uri, int otherwise) {
        Matcher matcher = pattern.matcher(uri);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
    }
}
