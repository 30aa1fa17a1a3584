package io.github.scyllapgcdc.sink;

/** Exchange properties of the sink's routes. */
final class SinkProperties {
    /** The {@link BatchApplier.Result} of the attempt that succeeded. */
    static final String RESULT = "sinkResult";
    /** When the batch failed first, in {@link System#nanoTime()}. */
    static final String FAILING_SINCE = "sinkFailingSince";

    /** The {@link SinkTrace} of a batch that has sampled changes. */
    static final String TRACE = "sinkTrace";

    private SinkProperties() {}
}
