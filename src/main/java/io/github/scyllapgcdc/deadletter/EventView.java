package io.github.scyllapgcdc.deadletter;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.Range;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A change for people: maps, lists and scalars that any JSON writer takes. Values are as the event carries them. */
final class EventView {
    private static final long MICROS_A_SECOND = 1_000_000;

    private EventView() {}

    static Map<String, Object> of(ChangeEvent event) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("op", event.op().code());
        view.put("table", event.schema().table().toString());
        view.put("key", columns(event.schema().keyColumns(), event.key()));
        if (event.values() != null) {
            view.put("values", written(event));
        }
        if (event.elements() != null) {
            view.put("removedElements", removed(event));
        }
        if (event.range() != null) {
            Map<String, Object> range = new LinkedHashMap<>();
            range.put("lower", bound(event, event.range().lower()));
            range.put("upper", bound(event, event.range().upper()));
            view.put("range", range);
        }
        if (event.expiresAtMillis() != null) {
            view.put("expiresAt", Instant.ofEpochMilli(event.expiresAtMillis()).toString());
        }
        long micros = event.source().tsMicros();
        view.put(
                "writtenAt",
                Instant.ofEpochSecond(
                                Math.floorDiv(micros, MICROS_A_SECOND), Math.floorMod(micros, MICROS_A_SECOND) * 1000)
                        .toString());
        view.put("changeId", event.source().changeId());
        return view;
    }

    /** Columns that the change did not write are left out, those that it set to null are not. */
    private static Map<String, Object> written(ChangeEvent event) {
        Map<String, Object> written = new LinkedHashMap<>();
        for (int i = 0; i < event.values().length; i++) {
            if (event.changed() == null || event.changed().get(i)) {
                written.put(event.schema().valueColumns().get(i).name(), value(event.values()[i]));
            }
        }
        return written;
    }

    private static Map<String, Object> removed(ChangeEvent event) {
        Map<String, Object> removed = new LinkedHashMap<>();
        event.elements().columns().stream()
                .filter(i -> event.elements().removed().get(i) != null)
                .forEach(i -> removed.put(
                        event.schema().valueColumns().get(i).name(),
                        value(event.elements().removed().get(i))));
        return removed;
    }

    private static Map<String, Object> bound(ChangeEvent event, Range.Bound bound) {
        if (bound == null) {
            return null;
        }
        List<EventColumn> keys = event.schema().keyColumns();
        Map<String, Object> view =
                columns(keys.subList(event.schema().partitionKeySize(), keys.size()), bound.prefix());
        view.put("inclusive", bound.inclusive());
        return view;
    }

    /** Those that have a value: the clustering columns of a whole partition's key have none. */
    private static Map<String, Object> columns(List<EventColumn> columns, Object[] values) {
        Map<String, Object> view = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                view.put(columns.get(i).name(), value(values[i]));
            }
        }
        return view;
    }

    private static Object value(Object value) {
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(buffer.position(), bytes);
            return "0x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toString(); // a JSON reader may take a number for a double
        }
        if (value instanceof List<?> list) {
            List<Object> view = new ArrayList<>(list.size());
            list.forEach(element -> view.add(value(element)));
            return view;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> view = new LinkedHashMap<>();
            map.forEach((key, entry) -> view.put(String.valueOf(value(key)), value(entry)));
            return view;
        }
        return value;
    }
}
