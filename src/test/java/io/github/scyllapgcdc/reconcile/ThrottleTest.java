package io.github.scyllapgcdc.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final StopRequest stop = new StopRequest();

    @Test
    void rowsTakeTheirTimeOnEachSideByItself() throws InterruptedException {
        Throttle throttle = new Throttle(1000, stop);
        long begun = System.nanoTime();

        throttle.scylla(800);
        throttle.postgres(1);

        // The first fifth of a second's rows is free, the others wait
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(500));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aWaitEndsWhenTheRunIsStopped() {
        Throttle throttle = new Throttle(1, stop);
        stop.give();

        assertThatThrownBy(() -> throttle.scylla(1_000_000)).isInstanceOf(StopRequest.StoppedException.class);
    }

    @Test
    void withoutABoundNothingWaits() {
        Throttle throttle = new Throttle(0, stop);
        stop.give(); // a wait would throw

        assertThatCode(() -> {
                    throttle.scylla(Integer.MAX_VALUE);
                    throttle.postgres(Integer.MAX_VALUE);
                })
                .doesNotThrowAnyException();
    }
}
