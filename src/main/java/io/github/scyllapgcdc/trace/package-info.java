/**
 * Traces of sampled changes, from the CDC log through Kafka to PostgreSQL: which changes are sampled, how a trace travels in a
 * record's header, and the OpenTelemetry SDK behind it. Knows neither side; source and sink make the spans of theirs. Without
 * tracing there is one question a batch and nothing else.
 */
package io.github.scyllapgcdc.trace;
