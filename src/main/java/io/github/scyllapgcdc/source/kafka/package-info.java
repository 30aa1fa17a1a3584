/**
 * What the source does with Kafka besides sending batches through its route: it creates topics, fences producers, reads
 * checkpoints back, and finds the partition of a key. Uses Kafka's clients, and of Camel only what makes them; knows no CQL.
 */
package io.github.scyllapgcdc.source.kafka;
