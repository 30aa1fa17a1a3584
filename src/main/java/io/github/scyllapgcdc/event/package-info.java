/**
 * The change event that travels through Kafka: its shape, its Avro schemas and its bytes. Sources make it, sinks read it,
 * and neither shows in it: nothing here knows Scylla, Postgres, Camel or a Kafka client.
 */
package io.github.scyllapgcdc.event;
