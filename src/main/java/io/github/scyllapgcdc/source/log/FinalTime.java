package io.github.scyllapgcdc.source.log;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Up to when the log is final: the local clock minus the confidence window, and never less than it was before.
 *
 * <p>Somebody may set the local clock. Back, and what was final stays final; forward, and what is still to be written would be
 * taken for read. So each time the clock is compared with the JVM's monotonic one, which nobody sets: where they no longer go
 * together, the clock is compared with Scylla's before anything follows from it. Belongs to one thread.
 */
public final class FinalTime {
    /** Less than any skew that matters. A false alarm, for a pause between two lines of code, costs a query. */
    private static final Duration STEP = Duration.ofMillis(100);

    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ConfidenceWindow window;
    private final LongSupplier offset;
    /** The local clock minus the monotonic one when clocks were compared, milliseconds. */
    private long apart;

    private long newest = Long.MIN_VALUE;

    /**
     * Compares the clocks.
     *
     * @param offset measures Scylla's clock minus the local one, milliseconds
     */
    public FinalTime(InstantSource clock, ConfidenceWindow window, LongSupplier offset) {
        this(clock, System::nanoTime, window, offset);
    }

    FinalTime(InstantSource clock, LongSupplier nanos, ConfidenceWindow window, LongSupplier offset) {
        this.clock = clock;
        this.nanos = nanos;
        this.window = window;
        this.offset = offset;
        compareClocks();
    }

    /** Measures how far the local clock is from Scylla's, on which the confidence window rests. */
    public void compareClocks() {
        apart = apart(clock.millis()); // before the query, so that a step during it counts as one since
        window.measured(offset.getAsLong());
    }

    /** Everything older is in the log; milliseconds since 1970. */
    public long until() {
        long now = clock.millis();
        while (Math.abs(apart(now) - apart) > STEP.toMillis()) {
            compareClocks();
            now = clock.millis();
        }
        newest = Math.max(newest, now - window.current().toMillis());
        return newest;
    }

    /** The window in force. */
    public ConfidenceWindow window() {
        return window;
    }

    private long apart(long now) {
        return now - Duration.ofNanos(nanos.getAsLong()).toMillis();
    }
}
