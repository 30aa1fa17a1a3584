package io.github.scyllapgcdc.source.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfidenceWindowTest {

    @ParameterizedTest
    @CsvSource({"0, 3000, false", "1000, 3000, false", "-1000, 3000, false", "-1500, 3500, true", "2500, 4500, true"})
    void widensByWhatTheClocksDifferBeyondTheAllowance(long offset, long expected, boolean differ) {
        // Given
        ConfidenceWindow window = new ConfidenceWindow(Duration.ofSeconds(3), Duration.ofSeconds(1));

        // When
        window.measured(offset);

        // Then
        assertThat(window.current()).isEqualTo(Duration.ofMillis(expected));
        assertThat(window.clocksDiffer()).isEqualTo(differ);
    }
}
