package io.github.scyllapgcdc.sink.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.sink.Events;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static final Events READINGS = Events.readings("ks.readings");

    @Test
    void ordinaryEventsAreNotRefused() {
        assertThat(Refusal.of(READINGS.insert(List.of("a", 1), Map.of("note", "n"))))
                .isEmpty();
        assertThat(Refusal.of(READINGS.delete(List.of("a", 1)))).isEmpty();
        assertThat(Refusal.of(READINGS.delete(List.of("a")))).isEmpty();
    }

    @Test
    void textWithNulIsRefused() {
        assertThat(Refusal.of(READINGS.delete(List.of("a\0b", 1))))
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains("key column \"sensor\"").contains("U+0000"));
        assertThat(Refusal.of(READINGS.insert(List.of("a", 1), Map.of("note", "\0"))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("column \"note\""));
    }

    @Test
    void changesOfRangesAndStaticColumnsAreRefused() {
        ChangeEvent delete = READINGS.delete(List.of("a"));
        ChangeEvent range = new ChangeEvent(
                delete.schema(), delete.op(), delete.key(), null, null, new Range(null, null), null, delete.source());

        assertThat(Refusal.of(range))
                .hasValueSatisfying(reason -> assertThat(reason).contains("range"));
        assertThat(Refusal.of(READINGS.update(List.of("a"), Map.of("note", "n"))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("static"));
    }
}
