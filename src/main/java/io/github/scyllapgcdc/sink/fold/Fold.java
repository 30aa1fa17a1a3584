package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Folds one table's events, in their order, into the net change of each row.
 *
 * <p>The delete of a partition need not end a segment: what the partition's rows did before is void, and what they do
 * afterwards begins with no row. So all deletes of partitions can run first, one statement, and all rows after, another. A
 * segment ends only where a column changes its type.
 */
public final class Fold {
    private final Function<EventSchema, Layout> layouts;
    private final List<Segment> segments = new ArrayList<>();
    private final Map<Object, Map<Object, FoldedRow>> partitions = new LinkedHashMap<>();
    private final Map<Object, Object[]> deletedPartitions = new LinkedHashMap<>();
    private Map<Object, FoldedRow> singleRows = new LinkedHashMap<>();
    private EventSchema schema;
    private int[] columns;
    private Layout layout;

    /** @param layouts the layout of each schema whose events are added */
    public Fold(Function<EventSchema, Layout> layouts) {
        this.layouts = layouts;
    }

    /** The segments of some events. */
    public static List<Segment> of(Collection<ChangeEvent> events, Function<EventSchema, Layout> layouts) {
        Fold fold = new Fold(layouts);
        events.forEach(fold::add);
        return fold.finish();
    }

    /** Takes in the next event: a change of one row, or the delete of a partition. */
    public void add(ChangeEvent event) {
        if (event.schema() != schema) {
            changeSchema(event.schema());
        }
        if (!layout.hasClusteringKey()) {
            row(singleRows, part(event.key(), 0, event.key().length), event.key(), false)
                    .add(event, columns);
            return;
        }
        int partitionKeySize = schema.partitionKeySize();
        Object partition = part(event.key(), 0, partitionKeySize);
        if (event.isPartitionDelete()) {
            partitions.remove(partition);
            deletedPartitions.put(partition, Arrays.copyOf(event.key(), partitionKeySize));
            return;
        }
        Map<Object, FoldedRow> rows = partitions.computeIfAbsent(partition, p -> new LinkedHashMap<>());
        Object clustering = part(event.key(), partitionKeySize, event.key().length);
        row(rows, clustering, event.key(), deletedPartitions.containsKey(partition))
                .add(event, columns);
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
        columns = nextLayout.indices(next);
    }

    private void cut() {
        List<FoldedRow> rows = new ArrayList<>(singleRows.values());
        partitions.values().forEach(partition -> rows.addAll(partition.values()));
        if (!rows.isEmpty() || !deletedPartitions.isEmpty()) {
            segments.add(new Segment(layout, List.copyOf(deletedPartitions.values()), rows));
        }
        singleRows = new LinkedHashMap<>();
        partitions.clear();
        deletedPartitions.clear();
    }

    private FoldedRow row(Map<Object, FoldedRow> rows, Object id, Object[] key, boolean deletedFirst) {
        FoldedRow row = rows.get(id);
        if (row == null) {
            row = new FoldedRow(key, layout.values().size(), deletedFirst);
            rows.put(id, row);
        }
        return row;
    }

    /** Some columns of a key as one object to find it by. */
    private static Object part(Object[] key, int from, int to) {
        return to - from == 1 ? key[from] : Arrays.asList(key).subList(from, to);
    }
}
