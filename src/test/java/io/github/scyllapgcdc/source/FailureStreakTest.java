package io.github.scyllapgcdc.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureStreakTest {
    private final FailureStreak streak = new FailureStreak();

    @Test
    void pausesGrowWithTheRow() {
        for (int failure = 1; failure <= 100; failure++) {
            assertThat(streak.failed()).isEqualTo(failure);
        }
        assertThat(streak.pause()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }

    @Test
    void aLittlePublishingDoesNotEndARow() {
        streak.failed();
        streak.published(0);
        streak.published(FailureStreak.WELL.toNanos() - 1);

        assertThat(streak.failures()).isEqualTo(1);
        assertThat(streak.failed()).isEqualTo(2);
        streak.published(2 * FailureStreak.WELL.toNanos());
        assertThat(streak.failures()).as("it has just begun to publish again").isEqualTo(2);
    }

    @Test
    void halfAMinuteOfPublishingEndsARow() {
        streak.failed();
        assertThat(streak.since()).isPresent();

        streak.published(0);
        streak.published(FailureStreak.WELL.toNanos());

        assertThat(streak.failures()).isZero();
        assertThat(streak.since()).isEmpty();
        assertThat(streak.failed()).isEqualTo(1);
    }
}
