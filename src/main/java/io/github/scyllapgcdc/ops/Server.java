package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.ConfigurationException;

/**
 * A server that the pipeline needs.
 *
 * @param id its key in the health report
 * @param name for people
 * @param address where it is expected, without secrets
 * @param property the property that says so
 * @param firstContact made before the routes are loaded, on a connection of its own where a pool would hide the reason
 * @param signOfLife made by health, as the routes reach the server
 */
public record Server(String id, String name, String address, String property, Check firstContact, Check signOfLife) {

    /** One attempt to reach the server; returns when it answered. */
    @FunctionalInterface
    public interface Check {
        /**
         * Asks the server something cheap.
         *
         * @throws ConfigurationException if waiting cannot help: a refused password, an unknown database
         * @throws Exception if the server may be there later
         */
        void run() throws Exception;
    }
}
