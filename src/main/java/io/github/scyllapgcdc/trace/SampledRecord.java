package io.github.scyllapgcdc.trace;

import io.opentelemetry.api.trace.SpanContext;

/**
 * A record of a batch whose change is sampled.
 *
 * @param topic where it was read
 * @param partition of the topic
 * @param offset in the partition
 * @param changeId the change's identity
 * @param parent the span that the record continues
 */
public record SampledRecord(String topic, int partition, long offset, String changeId, SpanContext parent) {}
