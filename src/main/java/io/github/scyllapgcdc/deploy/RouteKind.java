package io.github.scyllapgcdc.deploy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a route of a table's file is for, as told by where it reads from. */
enum RouteKind {
    SOURCE,
    SINK,
    RECONCILE,
    OTHER;

    private static final Pattern FROM = Pattern.compile("(?m)^\\s+from:\\s*(?:\\{?\\s*uri:\\s*)?[\"']?([^\\s\"'?}]+)");

    static RouteKind of(String route) {
        Matcher from = FROM.matcher(route);
        if (!from.find()) {
            return OTHER;
        }
        String uri = from.group(1);
        if (uri.startsWith("scylla-cdc:")) {
            return SOURCE;
        }
        if (uri.startsWith("kafka-sink:")) {
            return SINK;
        }
        return uri.startsWith("timer:") && route.contains("direct:scheduled-reconcile") ? RECONCILE : OTHER;
    }
}
