package io.github.scyllapgcdc.source.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RingTest {

    @Test
    void theFirstGroupGoesAroundTheEndOfTheRing() {
        assertThat(Ring.byEnds(new TreeMap<>(Map.of(-50L, 0, 0L, 1, 70L, 2))))
                .isEqualTo(Map.of(
                        0, List.of(new TokenRange(Long.MIN_VALUE, -50), new TokenRange(70, Long.MAX_VALUE)),
                        1, List.of(new TokenRange(-50, 0)),
                        2, List.of(new TokenRange(0, 70))));
    }

    @Test
    void nothingGoesAroundWhereTheLastGroupEndsWithTheRing() {
        assertThat(Ring.byEnds(new TreeMap<>(Map.of(0L, 0, Long.MAX_VALUE, 1))))
                .isEqualTo(Map.of(
                        0, List.of(new TokenRange(Long.MIN_VALUE, 0)),
                        1, List.of(new TokenRange(0, Long.MAX_VALUE))));
    }

    @Test
    void theSlicesOfAWholeRingLeaveNoGap() {
        List<TokenRange> slices = Ring.slices();

        assertThat(slices.get(0).after()).isEqualTo(Long.MIN_VALUE);
        assertThat(slices.get(slices.size() - 1).upTo()).isEqualTo(Long.MAX_VALUE);
        for (int i = 1; i < slices.size(); i++) {
            assertThat(slices.get(i).after()).isEqualTo(slices.get(i - 1).upTo());
        }
        assertThat(slices.stream().mapToDouble(TokenRange::width).sum()).isCloseTo(1, within(1e-9));
    }
}
