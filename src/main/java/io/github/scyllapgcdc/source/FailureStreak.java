package io.github.scyllapgcdc.source;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The failures of a source task in a row: how many, since when, and how long to wait before the next attempt. A task that
 * fails again soon after each start is not taken for a healthy one: publishing for {@link #WELL} ends a row, no less. Any
 * thread may use it.
 */
final class FailureStreak {
    static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
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

    /**
     * How long to wait after the last failure: twice as long each time up to {@link #LONGEST_PAUSE}, less up to half of it by
     * chance, so that tasks that failed together do not come back together.
     */
    synchronized Duration pause() {
        long most =
                Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(Math.max(failures - 1, 0), 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }
}
