package io.github.scyllapgcdc.ops;

import java.util.Map;
import java.util.Optional;

/**
 * How a route stands.
 *
 * @param up whether it is as it is meant to be; a route that waits to try again is not
 * @param state what it does
 * @param camel Camel's word for that
 * @param detail one line for people; never a secret
 * @param figures what it counts, by name with the unit in it
 * @param file the table file it comes from; empty for a shared route
 */
public record RouteState(
        String id,
        boolean up,
        State state,
        String camel,
        Optional<String> detail,
        Map<String, Object> figures,
        Optional<String> file) {

    /** What a route does. */
    public enum State {
        STARTING,
        /** It works, or tries to: then it is not up. */
        RUNNING,
        /** It failed, and is started again later or not at all. */
        FAILED,
        /** People want it so. */
        PAUSED,
        /** Its file or the configuration wants it so. */
        DISABLED
    }

    String text() {
        return switch (state) {
            case PAUSED -> "Paused";
            case DISABLED -> "Disabled";
            default -> camel;
        };
    }
}
