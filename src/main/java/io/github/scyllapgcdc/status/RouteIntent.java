package io.github.scyllapgcdc.status;

import java.util.Optional;

/**
 * Whether a route is meant to run, as people decided. Bound in the Camel registry; whoever starts a route by itself, after a failure
 * for example, asks before.
 */
@FunctionalInterface
public interface RouteIntent {
    /** False for a route that is paused. */
    boolean wanted(String routeId);

    /** What keeps decisions from being known, one line for people; empty while nothing does. */
    default Optional<String> trouble() {
        return Optional.empty();
    }
}
