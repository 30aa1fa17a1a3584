package io.github.scyllapgcdc.reconcile;

import com.google.common.util.concurrent.RateLimiter;
import java.time.Duration;

/** Keeps what is read from each side below a number of rows a second. May be used by several threads. */
@SuppressWarnings("UnstableApiUsage") // there for ten years
final class Throttle {
    private static final Duration STEP = Duration.ofMillis(200);

    private final RateLimiter scylla;
    private final RateLimiter postgres;
    private final int mostAtOnce;
    private final StopRequest stop;

    /** @param rowsPerSecond 0 for as fast as it goes */
    Throttle(int rowsPerSecond, StopRequest stop) {
        this.stop = stop;
        this.mostAtOnce = Math.max(1, rowsPerSecond / 5);
        scylla = rowsPerSecond == 0 ? null : RateLimiter.create(rowsPerSecond);
        postgres = rowsPerSecond == 0 ? null : RateLimiter.create(rowsPerSecond);
    }

    /** Waits as long as so many rows of ScyllaDB take. */
    void scylla(int rows) throws InterruptedException {
        pay(scylla, rows);
    }

    /** Waits as long as so many rows of Postgres take. */
    void postgres(int rows) throws InterruptedException {
        pay(postgres, rows);
    }

    /** In small steps, between which a run can be stopped. */
    private void pay(RateLimiter limiter, int rows) throws InterruptedException {
        for (int left = limiter == null ? 0 : rows; left > 0; left -= mostAtOnce) {
            stop.check();
            while (!limiter.tryAcquire(Math.min(left, mostAtOnce), STEP)) {
                stop.check();
                Thread.sleep(STEP.toMillis());
            }
        }
    }
}
