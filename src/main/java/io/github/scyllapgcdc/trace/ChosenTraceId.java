package io.github.scyllapgcdc.trace;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;

/** The SDK asks for the id of a new trace; this is how one that is known beforehand gets there. */
final class ChosenTraceId implements IdGenerator {
    private final IdGenerator random = IdGenerator.random();
    private final ThreadLocal<String> chosen = new ThreadLocal<>();

    /** Does something that begins a trace, which then has this id. */
    <T> T with(String traceId, Supplier<T> beginning) {
        chosen.set(traceId);
        try {
            return beginning.get();
        } finally {
            chosen.remove();
        }
    }

    @Override
    public String generateTraceId() {
        String traceId = chosen.get();
        return traceId == null ? random.generateTraceId() : traceId;
    }

    @Override
    public String generateSpanId() {
        return random.generateSpanId();
    }
}
