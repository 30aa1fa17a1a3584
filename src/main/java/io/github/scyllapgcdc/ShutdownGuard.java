package io.github.scyllapgcdc;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Bounds a stop by SIGTERM or Ctrl-C: Camel stops the routes gracefully, and whatever has not ended after {@link
 * #LIMIT} is ended hard, which exactly-once delivery survives. A process that only waits for a server stops at once.
 */
final class ShutdownGuard {
    static final Duration LIMIT = Duration.ofSeconds(18);
    /** 128 + SIGTERM, what a shell reports for a process ended so. */
    private static final int TERMINATED = 143;

    private final CountDownLatch stopping = new CountDownLatch(1);

    private ShutdownGuard() {}

    static ShutdownGuard install() {
        ShutdownGuard guard = new ShutdownGuard();
        Runtime.getRuntime().addShutdownHook(new Thread(guard.stopping::countDown, "shutdown-guard"));
        Thread watchdog = new Thread(guard::watch, "shutdown-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        return guard;
    }

    /** Whether the process has been asked to stop. */
    boolean stopping() {
        return stopping.getCount() == 0;
    }

    private void watch() {
        try {
            stopping.await();
            TimeUnit.NANOSECONDS.sleep(LIMIT.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(TERMINATED);
    }
}
