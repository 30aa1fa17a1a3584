package io.github.scyllapgcdc.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a route file as its routes, each with the comments above it, so that one can be replaced and what a person wrote
 * around it stays as it is.
 */
record RouteText(List<Route> routes) {
    private static final Pattern ID = Pattern.compile("(?m)^\\s+id:\\s*[\"']?([^\\s\"'#]+)");

    /** A route's text, the comments above it included, without blank lines at either end. */
    record Route(String text) {
        RouteKind kind() {
            return RouteKind.of(text);
        }

        Optional<String> id() {
            Matcher matcher = ID.matcher(text);
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        }
    }

    static RouteText parse(String text) {
        List<StringBuilder> entries = new ArrayList<>();
        StringBuilder above = new StringBuilder();
        for (String line : text.lines().toList()) {
            boolean begins = line.startsWith("- ");
            boolean outside = line.isBlank() || line.startsWith("#");
            if (begins) {
                entries.add(new StringBuilder(above));
                above.setLength(0);
            }
            boolean goesOn = !outside && !entries.isEmpty();
            if (goesOn) {
                entries.get(entries.size() - 1).append(above).append(line).append('\n');
                above.setLength(0);
            } else {
                above.append(line).append('\n');
            }
        }
        if (!above.toString().isBlank()) {
            if (entries.isEmpty()) {
                entries.add(above);
            } else {
                entries.get(entries.size() - 1).append(above);
            }
        }
        return new RouteText(entries.stream()
                .map(entry -> new Route(entry.toString().strip()))
                .toList());
    }

    /** The routes of one kind, as one text. */
    RouteText of(RouteKind kind) {
        return only(route -> route.kind() == kind);
    }

    RouteText without(RouteKind kind) {
        return only(route -> route.kind() != kind);
    }

    private RouteText only(Predicate<Route> wanted) {
        return new RouteText(routes.stream().filter(wanted).toList());
    }

    /** With other routes where those of a kind were, or at the end. */
    RouteText with(RouteKind kind, RouteText others) {
        List<Route> all = new ArrayList<>();
        boolean placed = false;
        for (Route route : routes) {
            if (route.kind() != kind) {
                all.add(route);
            } else if (!placed) {
                all.addAll(others.routes);
                placed = true;
            }
        }
        if (!placed) {
            all.addAll(kind == RouteKind.SOURCE ? 0 : all.size(), others.routes);
        }
        return new RouteText(all);
    }

    boolean isEmpty() {
        return routes.isEmpty();
    }

    List<String> ids() {
        return routes.stream().flatMap(route -> route.id().stream()).toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Route route : routes) {
            text.append(text.isEmpty() ? "" : "\n").append(route.text()).append('\n');
        }
        return text.toString();
    }
}
