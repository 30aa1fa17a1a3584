/**
 * Kafka to Postgres: the Camel component {@code postgres-sink}, which applies one batch within a transaction, and what keeps
 * that exactly once (the fence of stored offsets and the seek to them). Knows events, never the database they come from.
 */
package io.github.scyllapgcdc.sink;
