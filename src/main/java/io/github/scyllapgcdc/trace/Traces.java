package io.github.scyllapgcdc.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import java.time.Instant;

/**
 * The spans of sampled changes. One change is one trace, whose id follows from the change's: what is read again after a failure
 * goes on in the same trace.
 */
public final class Traces {
    private final Tracer tracer;
    private final ChangeSampling sampling;
    private final ChosenTraceId traceIds;

    Traces(Tracer tracer, ChangeSampling sampling, ChosenTraceId traceIds) {
        this.tracer = tracer;
        this.sampling = sampling;
        this.traceIds = traceIds;
    }

    /** Samples nothing. */
    public static Traces off() {
        return new Traces(TracerProvider.noop().get(""), ChangeSampling.of(0), new ChosenTraceId());
    }

    /** Whether any change is sampled here; those that another instance sampled are followed in any case. */
    public boolean on() {
        return !sampling.none();
    }

    /** Whether a change is sampled. Allocates nothing. */
    public boolean samples(String changeId) {
        return sampling.samples(changeId);
    }

    /** Begins the trace of a sampled change, which began to be worked on at {@code begin}. */
    public Span begin(String name, String changeId, Instant begin) {
        return traceIds.with(
                ChangeSampling.traceId(changeId),
                () -> tracer.spanBuilder(name)
                        .setNoParent()
                        .setStartTimestamp(begin)
                        // also what KnownChanges goes by
                        .setAttribute(TraceAttributes.CHANGE_ID, changeId)
                        .startSpan());
    }

    /** A further span of a change's trace. */
    public SpanBuilder span(String name, SpanKind kind, SpanContext parent) {
        return tracer.spanBuilder(name)
                .setSpanKind(kind)
                .setParent(Context.root().with(Span.wrap(parent)));
    }

    /** Says that a span ended badly. */
    public static void fail(Span span, String reason) {
        span.setStatus(StatusCode.ERROR, reason);
    }
}
