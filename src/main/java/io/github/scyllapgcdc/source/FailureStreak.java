package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.fault.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The failures of a source task in a row: how many, since when, and how long to wait before the next attempt. A task that
 * fails again soon after each start is not taken for a healthy one: publishing for {@link #WELL} ends a row, no less. Any
 * thread may use it.
 */
final class FailureStreak {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    static final Duration WELL = Duration.ofSeconds(30);

    private int failures;
    private Instant since;
    private long wellSinceNanos;
    private boolean well;

    /** One more failure; answers how many that makes in a row. */
    synchronized int failed() {
        well = false;
        if (failures++ == 0) {
            since = Instant.now();
        }
        return failures;
    }

    /** Something was published. */
    void published() {
        published(System.nanoTime());
    }

    synchronized void published(long nowNanos) {
        if (failures == 0) {
            return;
        }
        if (!well) {
            well = true;
            wellSinceNanos = nowNanos;
        } else if (nowNanos - wellSinceNanos >= WELL.toNanos()) {
            clear();
        }
    }

    /** Forgets the failures: somebody has started the task by hand. */
    synchronized void clear() {
        failures = 0;
        since = null;
        well = false;
    }

    synchronized int failures() {
        return failures;
    }

    /** When the first failure of the row was; empty when there is none. */
    synchronized Optional<Instant> since() {
        return Optional.ofNullable(since);
    }

    /** How long to wait after the last failure. */
    synchronized Duration pause() {
        return BACKOFF.pause(failures);
    }
}
