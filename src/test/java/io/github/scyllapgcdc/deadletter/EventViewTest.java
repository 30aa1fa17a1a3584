package io.github.scyllapgcdc.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.sink.Events;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class EventViewTest {
    private static final Schema TEXT = Events.plain(Schema.Type.STRING);
    private final Events readings = Events.readings("shop.readings");

    @Test
    void aWriteHasTheColumnsItWroteAndNoOthers() {
        Map<String, Object> written = new HashMap<>();
        written.put("note", null);

        Map<String, Object> view = EventView.of(readings.expiring(readings.update(List.of("s", 1), written), 0));

        assertThat(view)
                .contains(
                        entry("op", "u"),
                        entry("table", "shop.readings"),
                        entry("key", Map.of("sensor", "s", "at", 1)),
                        entry("expiresAt", "1970-01-01T00:00:00Z"))
                .containsKeys("writtenAt", "changeId")
                .doesNotContainKeys("range", "removedElements");
        assertThat(view.get("values")).isEqualTo(written);
    }

    @Test
    void aDeleteOfARangeHasItsBounds() {
        Map<String, Object> view =
                EventView.of(readings.delete(List.of("s"), new Range(new Range.Bound(new Object[] {1}, true), null)));

        Map<String, Object> range = new HashMap<>();
        range.put("lower", Map.of("at", 1, "inclusive", true));
        range.put("upper", null);
        assertThat(view).contains(entry("op", "d"), entry("key", Map.of("sensor", "s")), entry("range", range));
        assertThat(view).doesNotContainKey("values");
    }

    @Test
    void everyValueIsOneThatJsonHas() {
        Events all = new Events(EventSchema.of(
                TableId.parse("shop.all"),
                List.of(
                        Events.column("id", Kind.PARTITION_KEY, EventTypes.bigDecimal()),
                        Events.column("raw", Kind.REGULAR, Events.plain(Schema.Type.BYTES)),
                        Events.column("map", Kind.REGULAR, Schema.createMap(TEXT)),
                        new EventColumn(
                                "tags",
                                Kind.REGULAR,
                                Schema.createArray(TEXT),
                                "set<text>",
                                false,
                                Schema.createArray(TEXT)))));

        assertThat(EventView.of(all.insert(
                        List.of(new BigDecimal("1.50")),
                        Map.of("raw", ByteBuffer.wrap(new byte[] {0, -1}), "map", Map.of("k", "v")))))
                .contains(
                        entry("key", Map.of("id", "1.50")),
                        entry("values", Map.of("raw", "0x00ff", "map", Map.of("k", "v"))));
        assertThat(EventView.of(
                        all.elements(List.of(new BigDecimal("2")), "tags", List.of("added"), List.of("removed"))))
                .contains(
                        entry("values", Map.of("tags", List.of("added"))),
                        entry("removedElements", Map.of("tags", List.of("removed"))));
    }
}
