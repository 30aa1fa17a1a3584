package io.github.scyllapgcdc.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketsTest {
    private static final int BITS = 4;

    private final Buckets one = new Buckets(BITS);
    private final Buckets other = new Buckets(BITS);

    @Test
    void rowsMayComeInAnyOrder() {
        one.add(3, 17);
        one.add(3, -5);
        one.add(9, 4);
        other.add(9, 4);
        other.add(3, -5);
        other.add(3, 17);

        assertThat(one.differing(other).isEmpty()).isTrue();
    }

    @Test
    void aRowThatIsThereTwiceDoesNotVanish() {
        one.add(3, 17);
        other.add(3, 17);
        other.add(3, 5);
        other.add(3, 5);

        assertThat(one.differing(other).stream()).containsExactly(3);
    }

    @Test
    void aRowThatMovedOrChangedShows() {
        one.add(0, 17);
        other.add(15, 17);
        one.add(7, 1);
        other.add(7, 2);

        assertThat(one.differing(other).stream()).containsExactly(0, 7, 15);
    }

    @Test
    void partsAreKeptAndComeBack() {
        one.add(4, Long.MIN_VALUE);
        one.add(7, 12);
        one.add(7, 30);

        other.restore(4, one.bytes(4, 8));

        assertThat(one.differing(other).isEmpty()).isTrue();
        assertThat(other.is(7, 2, 42)).isTrue();
        assertThat(other.count(4)).isEqualTo(1);
    }
}
