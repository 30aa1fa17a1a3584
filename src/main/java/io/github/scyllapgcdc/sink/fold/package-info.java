/**
 * What a batch of events comes to: the net change of every row it touches. Pure; knows events and column types, and neither
 * Camel, Kafka nor JDBC.
 */
package io.github.scyllapgcdc.sink.fold;
