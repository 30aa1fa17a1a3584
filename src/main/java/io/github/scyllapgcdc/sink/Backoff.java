package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.SinkConfig;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How long to wait between attempts: twice as long each time, up to a most. */
final class Backoff {
    /** How soon a wait notices that it is no longer wanted. */
    private static final Duration SLICE = Duration.ofMillis(100);

    private Backoff() {}

    /** The pause after a number of failures in a row, 1 or more. */
    static Duration pause(SinkConfig config, int failures) {
        Duration pause = config.retryBackoff();
        for (int i = 1; i < failures && pause.compareTo(config.retryBackoffMax()) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(config.retryBackoffMax()) < 0 ? pause : config.retryBackoffMax();
    }

    /** Whether a pause would leave the consumer silent for so long that Kafka might take it for dead. */
    static boolean tooLong(SinkConfig config, long sinceNanos, Duration pause) {
        Duration spent = Duration.ofNanos(System.nanoTime() - sinceNanos);
        return spent.plus(pause).compareTo(config.maxPollInterval().dividedBy(2)) > 0;
    }

    /** Waits, but not longer than {@code wanted}. */
    static void sleep(Duration pause, BooleanSupplier wanted) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0 && wanted.getAsBoolean(); left = end - System.nanoTime()) {
            Thread.sleep(Math.max(1, Math.min(left / 1_000_000, SLICE.toMillis())));
        }
    }
}
