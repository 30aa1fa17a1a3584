package io.github.scyllapgcdc.source;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a task to end, and cuts its pauses short. */
final class StopSignal {
    private final CountDownLatch given = new CountDownLatch(1);

    void give() {
        given.countDown();
    }

    boolean given() {
        return given.getCount() == 0;
    }

    /** Waits unless the task is to end; answers whether it is. */
    boolean within(Duration pause) throws InterruptedException {
        return given.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }
}
