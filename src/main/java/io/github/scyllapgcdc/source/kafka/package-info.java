/**
 * What the source does with Kafka besides sending batches through its route: it creates topics, fences producers, reads
 * checkpoints back, and finds the partition of a key. Uses Kafka's clients; knows neither Camel nor CQL.
 */
package io.github.scyllapgcdc.source.kafka;
