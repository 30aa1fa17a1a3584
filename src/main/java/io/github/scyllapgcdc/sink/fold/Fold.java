package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Folds one table's events, in their order, into the net change of each row. Deletes of partitions and ranges do not end a
 * segment, see {@link FoldedPartition}; it ends only where a column changes its type.
 */
public final class Fold {
    private final Function<EventSchema, Layout> layouts;
    private final List<Segment> segments = new ArrayList<>();
    private final Map<Object, FoldedPartition> partitions = new LinkedHashMap<>();
    private Map<Object, FoldedRow> singleRows = new LinkedHashMap<>();
    private EventSchema schema;
    private Layout.Indices indices;
    private Layout layout;

    /** @param layouts the layout of each schema whose events are added */
    public Fold(Function<EventSchema, Layout> layouts) {
        this.layouts = layouts;
    }

    /** The segments of some events. */
    public static List<Segment> of(Collection<ChangeEvent> events, Function<EventSchema, Layout> layouts) {
        Fold fold = new Fold(layouts);
        events.forEach(event -> fold.add(event, null));
        return fold.finish();
    }

    /**
     * Takes in the next event.
     *
     * @param recordKey the key of the record it came in, by which the row can be asked for again
     */
    public void add(ChangeEvent event, byte[] recordKey) {
        if (event.schema() != schema) {
            changeSchema(event.schema());
        }
        if (!layout.hasClusteringKey()) {
            Object id = identity(event.key(), 0);
            FoldedRow row = singleRows.get(id);
            if (row == null) {
                row = new FoldedRow(event.key(), layout.values(), false);
                singleRows.put(id, row);
            }
            row.add(event, recordKey, indices.values());
            return;
        }
        int size = schema.partitionKeySize();
        Object[] partitionKey = Arrays.copyOf(event.key(), size);
        partitions
                .computeIfAbsent(identity(partitionKey, 0), p -> new FoldedPartition(partitionKey))
                .add(event, recordKey, layout, indices);
    }

    /** Everything added, in the order to apply it. */
    public List<Segment> finish() {
        cut();
        return segments;
    }

    private void changeSchema(EventSchema next) {
        Layout nextLayout = layouts.apply(next);
        if (nextLayout != layout) {
            cut();
        }
        schema = next;
        layout = nextLayout;
        indices = nextLayout.indices(next);
    }

    private void cut() {
        List<Object[]> deletedPartitions = new ArrayList<>();
        List<RangeDelete> deletedRanges = new ArrayList<>();
        List<FoldedRow> rows = new ArrayList<>(singleRows.values());
        List<FoldedRow> statics = new ArrayList<>();
        partitions.values().forEach(p -> p.collect(layout, deletedPartitions, deletedRanges, rows, statics));
        if (!singleRows.isEmpty() || !partitions.isEmpty()) {
            segments.add(new Segment(layout, deletedPartitions, deletedRanges, rows, statics));
        }
        singleRows = new LinkedHashMap<>();
        partitions.clear();
    }

    /** The columns of a key from one on, as one object to find it by: equal for what the source takes for the same row. */
    static Object identity(Object[] key, int from) {
        if (key.length - from == 1) {
            return canonical(key[from]);
        }
        Object[] part = new Object[key.length - from];
        for (int i = 0; i < part.length; i++) {
            part[i] = canonical(key[from + i]);
        }
        return Arrays.asList(part);
    }

    private static Object canonical(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.stripTrailingZeros();
        }
        return value instanceof List<?> parts
                ? parts.stream().map(Fold::canonical).collect(Collectors.toList()) // with nulls
                : value;
    }
}
