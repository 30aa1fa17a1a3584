package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.fault.ErrorClass;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * One version of a table's route file, checked and ready to be added to the context. Its routes are added stopped: starting
 * them, which needs the servers, is tried again until it works.
 */
final class RouteFile {
    private final RouteFileText content;
    private final RouteBuilder builder;
    private final List<RouteDefinition> definitions;
    private final Set<String> off;

    private RouteFile(RouteFileText content, RouteBuilder builder, List<RouteDefinition> definitions, Set<String> off) {
        this.content = content;
        this.builder = builder;
        this.definitions = definitions;
        this.off = Set.copyOf(off);
    }

    List<String> routeIds() {
        return content.routeIds();
    }

    /** Those of its routes that another version of the file does not have, or not so. */
    Set<String> changedFrom(RouteFile other) {
        Set<String> changed = new LinkedHashSet<>(routeIds());
        changed.removeIf(
                id -> content.routes().get(id).equals(other.content.routes().get(id)));
        return changed;
    }

    /** Some of its routes as a file of their own, which can be added to the context. */
    RouteFile part(CamelContext context, Set<String> routeIds) throws RouteFileException {
        StringBuilder text = new StringBuilder();
        routeIds().stream()
                .filter(routeIds::contains)
                .forEach(id -> text.append(content.routes().get(id)));
        return check(context, content.file(), text.toString(), id -> false);
    }

    /** Its routes as Camel knows them, by their ids. */
    Map<String, RouteDefinition> definitions() {
        return definitions.stream().collect(Collectors.toMap(RouteDefinition::getRouteId, definition -> definition));
    }

    /** Those of its routes that are not to be started, by {@code autoStartup: false}. */
    Set<String> off() {
        return off;
    }

    /**
     * Reads and checks a file without touching any route: YAML, Camel's model, components and endpoint options.
     *
     * @param taken tells whether a route id belongs to another file
     */
    static RouteFile check(CamelContext context, String name, String text, Predicate<String> taken)
            throws RouteFileException {
        RouteFileText content = RouteFileText.parse(name, text);
        for (String id : content.routeIds()) {
            if (taken.test(id)) {
                throw new RouteFileException(name, 0, "route id '" + id + "' is used by another file");
            }
        }
        for (RouteFileText.Uri uri : content.uris()) {
            if (!uri.scheme().isEmpty() && context.getComponent(uri.scheme()) == null) {
                throw new RouteFileException(
                        name, uri.line(), "unknown component '" + uri.scheme() + "' in " + uri.text());
            }
        }
        RouteBuilder builder = load(context, name, text);
        try {
            List<RouteDefinition> definitions = builder.configureRoutes(context).getRoutes();
            Set<String> off = new HashSet<>();
            for (RouteDefinition definition : definitions) {
                if (!autoStartup(context, name, definition)) {
                    off.add(definition.getRouteId());
                }
                definition.setAutoStartup("false");
                checkEndpoints(context, content, definition);
            }
            return new RouteFile(content, builder, definitions, off);
        } catch (RouteFileException e) {
            throw e;
        } catch (Exception e) {
            throw explained(name, e);
        }
    }

    private static boolean autoStartup(CamelContext context, String file, RouteDefinition definition)
            throws RouteFileException {
        if (definition.getAutoStartup() == null) {
            return true;
        }
        String value = context.resolvePropertyPlaceholders(definition.getAutoStartup());
        if (!value.equals("true") && !value.equals("false")) {
            throw new RouteFileException(
                    file,
                    0,
                    "autoStartup: " + value + " of route '" + definition.getRouteId()
                            + "' is refused: expected true or false");
        }
        return value.equals("true");
    }

    /** Adds the routes, stopped. On failure none of them is left. */
    void addTo(CamelContext context) throws RouteFileException {
        try {
            context.addRoutes(builder);
        } catch (Exception e) {
            remove(context, definitions);
            // producers connect when their route is added, although it is not started yet
            if (ErrorTaxonomy.classify(e).filter(ErrorClass.RETRY::equals).isPresent()) {
                throw RouteFileException.forNow(content.file(), ErrorTaxonomy.reason(e), e);
            }
            throw explained(content.file(), e);
        }
    }

    /** Removes routes, which are stopped already. */
    static void remove(CamelContext context, Collection<RouteDefinition> routes) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition definition : routes) {
            try {
                model.removeRouteDefinition(definition);
            } catch (Exception e) {
                throw new IllegalStateException("route " + definition.getRouteId() + " cannot be removed", e);
            }
        }
    }

    private static RouteBuilder load(CamelContext context, String name, String text) throws RouteFileException {
        RoutesLoader loader = PluginHelper.getRoutesLoader(context);
        // Camel takes what follows the first dot for the extension, and a table's file has one in its name
        Resource resource = ResourceHelper.fromString("table" + RouteFiles.SUFFIX, text);
        try {
            Collection<RoutesBuilder> builders = loader.findRoutesBuilders(List.of(resource), false);
            if (builders.size() == 1 && builders.iterator().next() instanceof RouteBuilder one) {
                return one;
            }
            throw new RouteFileException(name, 0, "holds no route");
        } catch (RouteFileException e) {
            throw e;
        } catch (Exception e) {
            throw explained(name, e);
        }
    }

    private static void checkEndpoints(CamelContext context, RouteFileText content, RouteDefinition route)
            throws RouteFileException {
        checkEndpoint(context, content, route.getInput().getEndpointUri());
        for (EndpointRequiredDefinition step :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), EndpointRequiredDefinition.class)) {
            checkEndpoint(context, content, step.getEndpointUri());
        }
    }

    private static void checkEndpoint(CamelContext context, RouteFileText content, String uri)
            throws RouteFileException {
        try {
            Endpoint endpoint = context.getEndpoint(uri);
            if (endpoint == null) {
                throw new RouteFileException(content.file(), content.lineOf(uri), "unknown component in " + uri);
            }
        } catch (RuntimeException e) {
            throw new RouteFileException(content.file(), content.lineOf(uri), Failures.line(e), e);
        }
    }

    private static RouteFileException explained(String name, Exception e) {
        MarkedYamlEngineException marked = Failures.cause(e, MarkedYamlEngineException.class);
        if (marked != null) {
            return new RouteFileException(name, RouteFileText.lineOf(marked), marked.getProblem(), e);
        }
        return new RouteFileException(name, 0, Failures.line(e), e);
    }
}
