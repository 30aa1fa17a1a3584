package io.github.scyllapgcdc.logging;

import org.slf4j.MDC;

/**
 * What the log lines of a thread are about, as SLF4J's diagnostic context. Within an exchange Camel sets the route; this is for
 * the threads that exchanges come from.
 */
public final class LogContext {
    /** Camel's own name for it. */
    static final String ROUTE = "camel.routeId";

    static final String TABLE = "cdc.table";

    private LogContext() {}

    /** Says that this thread works for a route, and for one table, until it ends or works for another. */
    public static void thread(String route, String table) {
        MDC.put(ROUTE, route);
        MDC.put(TABLE, table);
    }
}
