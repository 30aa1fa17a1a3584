package io.github.scyllapgcdc.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    @ParameterizedTest
    @CsvSource({"1, 500", "2, 1000", "3, 2000", "7, 30000", "100000, 30000"})
    void pausesDoubleUpToTheLongestAndAreNeverTheSame(int failures, long full) {
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
        Set<Duration> pauses = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Duration pause = backoff.pause(failures);
            assertThat(pause.toMillis()).isBetween(full / 2, full);
            pauses.add(pause);
        }
        assertThat(pauses).hasSizeGreaterThan(10);
    }
}
