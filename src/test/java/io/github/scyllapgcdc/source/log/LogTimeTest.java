package io.github.scyllapgcdc.source.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class LogTimeTest {
    /** 2019-10-31T14:56:57.948Z and 7.58 ms, from RFC 4122's bit layout. */
    private static final UUID TIME = UUID.fromString("8ac6d1dc-fbeb-11e9-8f0b-362b9e155667");

    @Test
    void readsTheWritesTimestampOutOfATimeUuid() {
        assertThat(LogTime.micros(TIME)).isEqualTo((TIME.timestamp() - 122_192_928_000_000_000L) / 10);
        assertThat(LogTime.millis(TIME)).isEqualTo(LogTime.micros(TIME) / 1000);
    }

    @Test
    void boundariesTakeInAWholeMillisecond() {
        // Given
        long millis = LogTime.millis(TIME);

        // Then
        assertThat(LogTime.compare(LogTime.before(millis), TIME)).isNegative();
        assertThat(LogTime.compare(LogTime.before(millis + 1), TIME)).isPositive();
        assertThat(LogTime.compare(LogTime.from(millis), TIME)).isNegative();
        assertThat(LogTime.compare(LogTime.from(millis + 1), TIME)).isPositive();
        assertThat(LogTime.millis(LogTime.before(millis))).isEqualTo(millis - 1);
    }

    @Test
    void comparesTheLowBytesAsSignedAsTheServersDo() {
        // Given
        UUID low = new UUID(TIME.getMostSignificantBits(), 0x8000000000000000L);
        UUID high = new UUID(TIME.getMostSignificantBits(), 0x7f00000000000000L);

        // Then
        assertThat(LogTime.compare(low, high)).isNegative();
        assertThat(LogTime.compare(high, low)).isPositive();
        assertThat(LogTime.compare(low, low)).isZero();
    }
}
