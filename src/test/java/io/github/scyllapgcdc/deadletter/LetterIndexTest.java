package io.github.scyllapgcdc.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LetterIndexTest {
    private final LetterIndex index = new LetterIndex();

    @Test
    void aLetterThatWasWrittenTwiceIsOneTheLastOne() {
        index.add("a", 1, false);
        index.add("b", 2, false);
        index.add("a", 3, false);

        assertThat(index.size()).isEqualTo(2);
        assertThat(index.holds("a", 3)).isTrue();
        assertThat(index.holds("a", 1)).as("the record before").isFalse();
        assertThat(index.holds("b", 2)).isTrue();
    }

    @Test
    void aTombstoneTakesALetterAwayUntilItIsWrittenAgain() {
        index.add("a", 1, false);
        index.add("a", 2, true);
        index.add("never there", 3, true);
        assertThat(index.size()).isZero();
        assertThat(index.holds("a", 1)).isFalse();
        assertThat(index.holds("a", 2)).isFalse();

        index.add("a", 4, false);
        assertThat(index.holds("a", 4)).isTrue();
    }
}
