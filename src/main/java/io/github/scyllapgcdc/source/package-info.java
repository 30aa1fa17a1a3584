/**
 * The Camel component {@code scylla-cdc:<keyspace>.<table>}: reads a table's CDC log and hands its changes to the route in
 * batches, each with the checkpoints it completes. Camel and its Kafka component are used here and in {@code kafka};
 * {@code log} and {@code checkpoint} know neither.
 */
package io.github.scyllapgcdc.source;
