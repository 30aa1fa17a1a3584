package io.github.scyllapgcdc.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.scyllapgcdc.source.load.TokenRange;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlicesTest {

    @ParameterizedTest
    @ValueSource(ints = {6, 10, 12, 18})
    void everyTokenIsInOnePartAlone(int bits) {
        Slices slices = new Slices(bits);

        // The parts lie side by side, from the smallest token to the largest
        assertThat(slices.range(0).after()).isEqualTo(Long.MIN_VALUE);
        assertThat(slices.range(slices.count() - 1).upTo()).isEqualTo(Long.MAX_VALUE);
        for (int part = 1; part < slices.count(); part++) {
            assertThat(slices.range(part).after())
                    .isEqualTo(slices.range(part - 1).upTo());
        }
        // And what is asked for as a part is summed as that part, on its edges, too
        for (int part = 0; part < slices.count(); part++) {
            TokenRange range = slices.range(part);
            assertThat(slices.partOf(range.after() + 1)).isEqualTo(part);
            assertThat(slices.partOf(range.upTo())).isEqualTo(part);
        }
    }

    @Test
    void smallPartsLieWithinLargeOnes() {
        Slices slices = new Slices(6);
        Slices buckets = new Slices(12);
        Random random = new Random(42);
        LongStream.generate(random::nextLong)
                .limit(10_000)
                .forEach(token -> assertThat(buckets.partOf(token) >>> 6).isEqualTo(slices.partOf(token)));
    }

    @Test
    void theBeginningOfAPartIsAsMuchAsWasAskedFor() {
        Slices slices = new Slices(8);
        for (int part : new int[] {0, 1, 127, 128, 255}) {
            TokenRange tenth = slices.first(part, 10);
            assertThat(tenth.after()).isEqualTo(slices.range(part).after());
            assertThat(tenth.width()).isCloseTo(slices.range(part).width() / 10, within(1e-9));
            assertThat(slices.first(part, 100)).isEqualTo(slices.range(part));
        }
    }

    @Test
    void largeTablesHaveMorePartsAndNeverMoreThanMemoryBears() {
        assertThat(Slices.of(0).count()).isEqualTo(128);
        assertThat(Slices.bucketsOf(0).count()).isEqualTo(65_536);
        assertThat(Slices.of(1_000_000).count()).isEqualTo(128);
        assertThat(Slices.bucketsOf(1_000_000).count()).isEqualTo(262_144);
        assertThat(Slices.of(Long.MAX_VALUE).count()).isEqualTo(4096);
        assertThat(Slices.bucketsOf(Long.MAX_VALUE).count()).isEqualTo(262_144);
    }
}
