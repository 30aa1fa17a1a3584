package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.Operation;
import java.util.List;
import java.util.Optional;

/** Why an event can't be applied, as far as that shows without asking Postgres. */
public final class Refusal {
    private Refusal() {}

    /** The reason, in words for a dead letter, or empty if the event may be applied. */
    public static Optional<String> of(ChangeEvent event) {
        if (event.range() != null) {
            return Optional.of("deletes of a range of rows are not applied yet");
        }
        if (event.isPartitionLevel() && event.op() != Operation.DELETE) {
            return Optional.of("writes of static columns are not applied yet");
        }
        String reason = refusedKey(event);
        return Optional.ofNullable(reason != null ? reason : refusedValue(event));
    }

    private static String refusedKey(ChangeEvent event) {
        List<EventColumn> columns = event.schema().keyColumns();
        for (int i = 0; i < columns.size(); i++) {
            Object value = event.key()[i];
            if (holdsNul(value)) {
                return nul("key column", columns.get(i));
            }
            if (isNegativeZero(value)) {
                return "key column \"" + columns.get(i).name()
                        + "\" is -0.0, which Postgres takes for the same key as 0.0";
            }
        }
        return null;
    }

    private static String refusedValue(ChangeEvent event) {
        if (event.values() == null) {
            return null;
        }
        for (int i = 0; i < event.values().length; i++) {
            if (holdsNul(event.values()[i])) {
                return nul("column", event.schema().valueColumns().get(i));
            }
        }
        return null;
    }

    private static boolean holdsNul(Object value) {
        return value instanceof String text && text.indexOf('\0') >= 0;
    }

    private static boolean isNegativeZero(Object value) {
        return Double.valueOf(-0.0).equals(value) || Float.valueOf(-0.0f).equals(value);
    }

    private static String nul(String what, EventColumn column) {
        return what + " \"" + column.name() + "\" holds the character U+0000, which Postgres cannot store in text";
    }
}
