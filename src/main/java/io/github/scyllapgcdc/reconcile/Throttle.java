package io.github.scyllapgcdc.reconcile;

import com.google.common.util.concurrent.RateLimiter;

/** Keeps what is read from each side below a number of rows a second. May be used by several threads. */
@SuppressWarnings("UnstableApiUsage") // there for ten years
final class Throttle {
    private final RateLimiter scylla;
    private final RateLimiter postgres;

    /** @param rowsPerSecond 0 for as fast as it goes */
    Throttle(int rowsPerSecond) {
        scylla = rowsPerSecond == 0 ? null : RateLimiter.create(rowsPerSecond);
        postgres = rowsPerSecond == 0 ? null : RateLimiter.create(rowsPerSecond);
    }

    /** Waits as long as so many rows of ScyllaDB take. */
    void scylla(int rows) {
        acquire(scylla, rows);
    }

    /** Waits as long as so many rows of Postgres take. */
    void postgres(int rows) {
        acquire(postgres, rows);
    }

    private static void acquire(RateLimiter limiter, int rows) {
        if (limiter != null && rows > 0) {
            limiter.acquire(rows);
        }
    }
}
