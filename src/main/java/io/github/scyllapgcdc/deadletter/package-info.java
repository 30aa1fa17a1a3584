/**
 * Records that could not be applied: kept as they were, with why, in a topic of their own. At least once, so readers take
 * equal keys ({@code <topic id>/<partition>/<offset>}) as one. Imports Kafka and Camel's API.
 */
package io.github.scyllapgcdc.deadletter;
