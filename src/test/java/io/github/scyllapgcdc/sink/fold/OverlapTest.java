package io.github.scyllapgcdc.sink.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlapTest {

    @Test
    void rowsOfOnePartitionConcernThemselvesAlone() {
        Overlap row = new Overlap(new Object[] {"s", 1}, 1);

        assertThat(row.with(new Object[] {"s", 1})).isTrue();
        assertThat(row.with(new Object[] {"s", 2})).isFalse();
        assertThat(row.with(new Object[] {"t", 1})).isFalse();
    }

    @Test
    void whatConcernsAPartitionConcernsAllItsRows() {
        Overlap row = new Overlap(new Object[] {"s", 1}, 1);
        Overlap partition = new Overlap(new Object[] {"s", null}, 1);

        assertThat(row.with(new Object[] {"s", null})).isTrue();
        assertThat(row.with(new Object[] {"t", null})).isFalse();
        assertThat(partition.with(new Object[] {"s", 7})).isTrue();
        assertThat(partition.with(new Object[] {"s", null})).isTrue();
        assertThat(partition.with(new Object[] {"t", 7})).isFalse();
    }

    @Test
    void keysAreTheSameWhereTheSourceSaysSo() {
        Overlap single = new Overlap(new Object[] {new BigDecimal("1.50")}, 1);
        Overlap composite = new Overlap(new Object[] {"a", List.of(new BigDecimal("1.50"))}, 2);

        assertThat(single.with(new Object[] {new BigDecimal("1.5")})).isTrue();
        assertThat(single.with(new Object[] {new BigDecimal("1.51")})).isFalse();
        assertThat(composite.with(new Object[] {"a", List.of(new BigDecimal("1.5"))}))
                .isTrue();
        assertThat(composite.with(new Object[] {"b", List.of(new BigDecimal("1.5"))}))
                .isFalse();
    }
}
