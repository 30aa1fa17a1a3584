/**
 * How far a table's log has been published, as it is kept in the topic {@code cdc-checkpoints}: what the records say, what
 * follows from all of them together, and what a task adds to them. Pure: knows neither Camel nor Kafka.
 */
package io.github.scyllapgcdc.source.checkpoint;
