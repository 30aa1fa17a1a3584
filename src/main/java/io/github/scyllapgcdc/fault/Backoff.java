package io.github.scyllapgcdc.fault;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * How long to wait between attempts: twice as long each time, up to a most, and a random part of the second half left out, so
 * that what failed together does not come back together.
 *
 * @param first the pause after one failure
 * @param longest the most
 */
public record Backoff(Duration first, Duration longest) {
    /** How soon a wait notices that it is no longer wanted. */
    private static final Duration SLICE = Duration.ofMillis(100);

    /** The pause after a number of failures in a row, 1 or more: between half of the full pause and all of it. */
    public Duration pause(int failures) {
        long millis = full(failures).toMillis();
        return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    private Duration full(int failures) {
        Duration pause = first;
        for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /** Waits, but not longer than {@code wanted}. */
    public static void sleep(Duration pause, BooleanSupplier wanted) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0 && wanted.getAsBoolean(); left = end - System.nanoTime()) {
            Thread.sleep(Math.max(1, Math.min(left / 1_000_000, SLICE.toMillis())));
        }
    }
}
