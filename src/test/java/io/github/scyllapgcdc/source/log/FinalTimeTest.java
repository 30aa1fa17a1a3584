package io.github.scyllapgcdc.source.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FinalTimeTest {
    private static final long BEGIN = 1_000_000;
    private static final long WINDOW = 3_000;
    private static final long ALLOWED = 1_000;

    /** The right time, milliseconds; Scylla has it. */
    private long time = BEGIN;
    /** How far the local clock is from it. */
    private long set;

    private int comparisons;

    private final ConfidenceWindow window = new ConfidenceWindow(Duration.ofMillis(WINDOW), Duration.ofMillis(ALLOWED));
    private final FinalTime finalTime = new FinalTime(
            () -> Instant.ofEpochMilli(time + set), () -> TimeUnit.MILLISECONDS.toNanos(time), window, () -> {
                comparisons++;
                return -set;
            });

    @Test
    void followsTheClockAndAsksNobody() {
        assertThat(finalTime.until()).isEqualTo(BEGIN - WINDOW);

        time += 500;

        assertThat(finalTime.until()).isEqualTo(BEGIN + 500 - WINDOW);
        assertThat(comparisons).as("the first only").isEqualTo(1);
    }

    @Test
    void aClockThatIsSetBackTakesNothingBack() {
        // Given
        long before = finalTime.until();

        // When
        set = -5_000;

        // Then it stands still, and goes on once the clock has caught up, by the window that is wider for the
        // difference
        assertThat(finalTime.until()).isEqualTo(before);
        assertThat(window.clocksDiffer()).isTrue();
        time += 9_000;
        assertThat(finalTime.until()).isEqualTo(before);
        time += 1_000;
        assertThat(finalTime.until()).isEqualTo(before + 1_000);

        // And where the clock is put right, from where it would be
        set = 0;
        assertThat(finalTime.until()).isEqualTo(time - WINDOW);
    }

    @Test
    void aClockThatIsSetForwardMakesNothingFinalThatIsStillToCome() {
        // Given
        finalTime.until();

        // When
        set = 5_000;

        // Then no more is final than with a clock that is ahead by as much as allowed
        assertThat(finalTime.until()).isLessThanOrEqualTo(time + ALLOWED - WINDOW);
        assertThat(window.offsetMillis()).isEqualTo(-5_000);
    }

    @Test
    void isComparedAgainOnlyWhereTheClockWasSetSince() {
        // Given
        set = 5_000;
        finalTime.until();

        // When
        time += 60_000;
        finalTime.until();

        // Then
        assertThat(comparisons).as("at the beginning, and when it was set").isEqualTo(2);
    }
}
