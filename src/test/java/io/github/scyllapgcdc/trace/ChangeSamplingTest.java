package io.github.scyllapgcdc.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeSamplingTest {
    private static final int CHANGES = 100_000;

    /** As neighbours in the log are: one stream, one time, one sequence after the other, and so on with the next time. */
    private static final List<String> NEIGHBOURS = IntStream.range(0, CHANGES)
            .mapToObj(i -> "c3f1a2b4d5e6f70881:%08x-4b5c-11ef-8a9b-0c1d2e3f4a5b:%d".formatted(i / 10, i % 10))
            .toList();

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.01, 0.1, 0.5})
    void aboutTheAskedShareIsSampled(double ratio) {
        ChangeSampling sampling = ChangeSampling.of(ratio);
        long sampled = NEIGHBOURS.stream().filter(sampling::samples).count();
        assertThat((double) sampled / CHANGES).isCloseTo(ratio, within(4 * Math.sqrt(ratio / CHANGES)));
    }

    @Test
    void noneAndAll() {
        assertThat(NEIGHBOURS).noneMatch(ChangeSampling.of(0)::samples).allMatch(ChangeSampling.of(1)::samples);
        assertThat(ChangeSampling.of(0).none()).isTrue();
    }

    @Test
    void aLargerShareHoldsTheSmallerOne() {
        ChangeSampling few = ChangeSampling.of(0.01);
        ChangeSampling more = ChangeSampling.of(0.02);
        assertThat(NEIGHBOURS.stream().filter(few::samples)).isNotEmpty().allMatch(more::samples);
    }

    @Test
    void theTraceIsTheBeginningOfTheSha256SoThatAnybodyCanFindIt() {
        // printf %s a:b:1 | sha256sum | cut -c1-32
        assertThat(ChangeSampling.traceId("a:b:1")).isEqualTo("6cce7cb783ec0ac78f072eeed1c71edc");
    }
}
