package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SinkStatusTest {
    private final SinkStatus status = new SinkStatus("postgres-sink-users");

    @Test
    void nothingIsKnownBeforeTheFirstLook() {
        assertThat(status.lagRecords()).isEmpty();
        assertThat(status.lagMillis()).isEmpty();
    }

    @Test
    void whoHasNoPartitionsIsNotBehind() {
        // Given one that is behind
        status.assigned(3, Optional.empty());
        status.applied(new BatchApplier.Result(10, 0, List.of(), 0), System.currentTimeMillis() - 60_000);
        status.lag(2731);
        assertThat(status.lagRecords()).hasValue(2731);
        assertThat(status.lagMillis().orElseThrow()).isGreaterThanOrEqualTo(60_000);
        // When other instances take its partitions
        status.assigned(0, Optional.empty());
        // Then what it was behind is theirs
        assertThat(status.lagRecords()).hasValue(0);
        assertThat(status.lagMillis()).hasValue(0);
        // When it gets one back
        status.assigned(1, Optional.empty());
        status.lag(5);
        assertThat(status.lagRecords()).hasValue(5);
    }
}
