package io.github.scyllapgcdc.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * Of traces that begin, records those of changes that were sampled, and those of batches that are linked to such changes. All
 * that Camel traces besides (timers, health, batches without a sampled change) is nothing.
 */
final class KnownChanges implements Sampler {
    @Override
    public SamplingResult shouldSample(
            Context parent, String traceId, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
        boolean known = !links.isEmpty() || attributes.get(TraceAttributes.CHANGE_ID) != null;
        return known ? SamplingResult.recordAndSample() : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
        return "KnownChanges";
    }
}
