package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.schema.SqlTypes;
import io.github.scyllapgcdc.schema.ValueCheck;
import io.github.scyllapgcdc.schema.ValuePolicy;
import java.util.List;
import java.util.Optional;

/** Says why an event of one schema can't be applied, as far as that shows without asking Postgres. */
public final class RowCheck {
    private final EventSchema schema;
    private final ValueCheck[] keyChecks;
    private final ValueCheck[] valueChecks;

    private RowCheck(EventSchema schema, ValuePolicy policy) {
        this.schema = schema;
        this.keyChecks = schema.keyColumns().stream()
                .map(c -> ValueCheck.ofKey(c.type(), c.kind() == EventColumn.Kind.PARTITION_KEY))
                .toArray(ValueCheck[]::new);
        this.valueChecks = schema.valueColumns().stream()
                .map(c -> ValueCheck.of(c.type(), policy))
                .toArray(ValueCheck[]::new);
    }

    public static RowCheck of(EventSchema schema, ValuePolicy policy) {
        return new RowCheck(schema, policy);
    }

    /** The reason, in words for a dead letter, or empty if the event may be applied. */
    public Optional<String> refuse(ChangeEvent event) {
        String reason = first("key column", schema.keyColumns(), keyChecks, event.key(), 0);
        if (reason == null && event.values() != null) {
            reason = first("column", schema.valueColumns(), valueChecks, event.values(), 0);
        }
        if (reason == null && event.range() != null) {
            reason = bound(event.range().lower());
            reason = reason == null ? bound(event.range().upper()) : reason;
        }
        return Optional.ofNullable(reason);
    }

    private String bound(Range.Bound bound) {
        if (bound == null) {
            return null;
        }
        int from = schema.partitionKeySize();
        for (int i = 0; i < bound.prefix().length; i++) {
            EventColumn column = schema.keyColumns().get(from + i);
            if (bound.prefix()[i] != null && SqlTypes.order(column.type()).isEmpty()) {
                return "the delete of a range of rows is bounded by the clustering column \"" + column.name()
                        + "\" of type " + column.cqlType() + ", whose values Postgres keeps in no order or another one";
            }
        }
        return first("bound of key column", schema.keyColumns(), keyChecks, bound.prefix(), from);
    }

    private static String first(
            String what, List<EventColumn> columns, ValueCheck[] checks, Object[] values, int firstColumn) {
        for (int i = 0; i < values.length; i++) {
            ValueCheck check = checks[firstColumn + i];
            if (values[i] != null && check != ValueCheck.NONE) {
                String reason = check.refuse(values[i]);
                if (reason != null) {
                    return what + " \"" + columns.get(firstColumn + i).name() + "\" " + reason;
                }
            }
        }
        return null;
    }
}
