/**
 * What could not be applied or published: kept as it was, with why, in topics of its own, until somebody replays or purges it.
 * At least once, so that equal keys are one letter. Imports Kafka and Camel's API, and knows neither side: what applies a
 * record, and what asks for a row, is given to it.
 */
package io.github.scyllapgcdc.deadletter;
