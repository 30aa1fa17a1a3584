package io.github.scyllapgcdc.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What a table's route file says, read as YAML alone, with line numbers: its routes' ids and the URIs they name. Camel's
 * own reader checks the rest.
 *
 * @param file the file's name, for messages
 * @param routeIds in the file's order
 * @param uris every endpoint URI, as written
 * @param routes each route's own text, by its id: a file with that alone is the same route
 */
record RouteFileText(String file, List<String> routeIds, List<Uri> uris, Map<String, String> routes) {

    /** The comments above the next route belong to this one, as the reader sees it. */
    private static final Pattern BELOW = Pattern.compile("(\\s*\\n#[^\\n]*)*\\s*$");

    /** A URI and the line it is on. */
    record Uri(String text, int line) {
        /** The component's name; empty when a placeholder or an expression makes it. */
        String scheme() {
            int colon = text.indexOf(':');
            String scheme = colon < 0 ? text : text.substring(0, colon);
            return scheme.contains("{") || scheme.contains("$") ? "" : scheme;
        }
    }

    static RouteFileText parse(String file, String text) throws RouteFileException {
        Node root;
        try {
            root = new Compose(LoadSettings.builder().setLabel(file).build())
                    .composeString(text)
                    .orElseThrow(() -> new RouteFileException(file, 0, "is empty: expected a list of routes"));
        } catch (MarkedYamlEngineException e) {
            throw new RouteFileException(file, lineOf(e), "is no valid YAML: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new RouteFileException(file, 0, "is no valid YAML: " + e.getMessage(), e);
        }
        if (!(root instanceof SequenceNode list)) {
            throw new RouteFileException(file, line(root), "expected a list of '- route:' entries");
        }
        RouteFileText read = new RouteFileText(file, new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
        for (Node entry : list.getValue()) {
            read.addRoute(text, entry);
        }
        read.requireEachByItself();
        return read;
    }

    /** The line of a YAML problem, counted from one; 0 when it has none. */
    static int lineOf(MarkedYamlEngineException e) {
        return e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    /** The line where a URI of this component is, or of this beginning; 0 when there is none. */
    int lineOf(String uri) {
        String bare = uri.replaceFirst("\\?.*", "").replace("://", ":");
        return uris.stream()
                .filter(known -> known.text()
                        .replaceFirst("\\?.*", "")
                        .replace("://", ":")
                        .equals(bare))
                .mapToInt(Uri::line)
                .findFirst()
                .orElse(0);
    }

    private void addRoute(String text, Node entry) throws RouteFileException {
        Node route =
                entry instanceof MappingNode mapping && mapping.getValue().size() == 1 ? value(mapping, "route") : null;
        if (!(route instanceof MappingNode definition)) {
            throw new RouteFileException(
                    file,
                    line(entry),
                    "only '- route:' entries are allowed in a table's file; shared parts go to routes/");
        }
        if (!(value(definition, "id") instanceof ScalarNode id) || id.getValue().isBlank()) {
            throw new RouteFileException(file, line(entry), "the route has no id");
        }
        if (routeIds.contains(id.getValue())) {
            throw new RouteFileException(file, line(id), "route id '" + id.getValue() + "' is used twice");
        }
        routeIds.add(id.getValue());
        routes.put(id.getValue(), "- " + BELOW.matcher(between(text, entry)).replaceFirst("") + "\n");
        collectUris(definition);
    }

    /** A route is replaced alone, so it can't share a part of another one by YAML's anchors. */
    private void requireEachByItself() throws RouteFileException {
        for (Map.Entry<String, String> route : routes.entrySet()) {
            try {
                new Compose(LoadSettings.builder().build()).composeString(route.getValue());
            } catch (YamlEngineException e) {
                throw new RouteFileException(
                        file,
                        0,
                        "route '" + route.getKey() + "' refers to an anchor (&, *) in another one: write it out",
                        e);
            }
        }
    }

    /** The reader counts characters, of which some are two in a string. */
    private static String between(String text, Node entry) {
        int start = entry.getStartMark().orElseThrow().getIndex();
        int end = entry.getEndMark().orElseThrow().getIndex();
        return text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end));
    }

    private void collectUris(Node node) {
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(this::collectUris);
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getValueNode() instanceof ScalarNode value && namesUri(tuple.getKeyNode())) {
                    uris.add(new Uri(value.getValue(), line(value)));
                } else {
                    collectUris(tuple.getValueNode());
                }
            }
        }
    }

    private static boolean namesUri(Node key) {
        if (!(key instanceof ScalarNode scalar)) {
            return false;
        }
        return switch (scalar.getValue()) {
            case "uri", "to", "toD", "from", "wireTap", "enrich", "pollEnrich" -> true;
            default -> false;
        };
    }

    private static Node value(MappingNode mapping, String key) {
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode scalar
                    && scalar.getValue().equals(key)) {
                return tuple.getValueNode();
            }
        }
        return null;
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
