/**
 * Requests that a row be read again at its source and published as it is now, in the topic {@code cdc-refresh}: for whoever
 * holds a key and not the source. Uses Kafka's clients alone.
 */
package io.github.scyllapgcdc.refresh;
