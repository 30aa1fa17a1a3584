package io.github.scyllapgcdc.status;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What a route knows about itself beyond Camel's "started" and "stopped". Health looks for it in two places: the route's
 * own consumer, when that implements it, and the Camel registry, where such an object is bound under {@link #bean}'s name
 * (and unbound when its route is removed).
 *
 * <p>Its methods are called from the health endpoint's thread, often: they answer from memory, without asking a server.
 */
public interface RouteStatus {
    /** The route's id, such as {@code scylla-source-users}. */
    String routeId();

    /** The name in Camel's registry of a route's status. */
    static String bean(String routeId) {
        return "status-" + routeId;
    }

    /** Whether the route does its work; false while it waits to try again, or has given up. */
    boolean up();

    /** One line for people: what it does, or what holds it up. Never a secret. */
    String detail();

    /** How many attempts have failed since the application started. */
    default long failures() {
        return 0;
    }

    /** How many changes it has published or applied since the application started. */
    default long changes() {
        return 0;
    }

    /** How many of them became dead letters. */
    default long deadLetters() {
        return 0;
    }

    /** How far it is behind, milliseconds; empty while not known. */
    default OptionalLong lagMillis() {
        return OptionalLong.empty();
    }

    /** How many records it has before it; empty while not known, or where there is no such number. */
    default OptionalLong lagRecords() {
        return OptionalLong.empty();
    }

    /**
     * A figure that changes whenever the route gets anything done; empty while there is nothing to do, or while the route itself says
     * what it waits for. A figure that stands still means that the route hangs.
     */
    default OptionalLong progress() {
        return OptionalLong.empty();
    }

    /** Figures by name, with the unit in the name ({@code lagMillis}); may be empty. */
    default Map<String, Object> figures() {
        return Map.of();
    }
}
