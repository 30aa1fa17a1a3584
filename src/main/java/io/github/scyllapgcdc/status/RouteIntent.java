package io.github.scyllapgcdc.status;

/**
 * Whether a route is meant to run, as people decided. Bound in the Camel registry; whoever starts a route by itself, after a failure
 * for example, asks before.
 */
@FunctionalInterface
public interface RouteIntent {
    /** False for a route that is paused. */
    boolean wanted(String routeId);
}
