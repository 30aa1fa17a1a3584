package io.github.scyllapgcdc.sink.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.schema.ValuePolicy;
import io.github.scyllapgcdc.sink.Events;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class FoldTest {
    private static final Events USERS = Events.users("ks.users");
    private static final Events READINGS = Events.readings("ks.readings");
    private static final List<Object> KEY = List.of(1L);

    @Test
    void insertIsUpsertOfWhatItWrote() {
        FoldedRow row = fold(USERS.insert(KEY, Map.of("email", "a")));

        assertThat(row.outcome()).isEqualTo(Outcome.UPSERT);
        assertThat(sets(row, 0)).isTrue();
        assertThat(sets(row, 1)).as("an insert leaves other columns alone").isFalse();
    }

    @Test
    void insertOfTheKeyAloneCreatesTheRow() {
        assertThat(fold(USERS.insert(KEY, Map.of())).outcome()).isEqualTo(Outcome.UPSERT);
    }

    @Test
    void updateWithAValueCreatesTheRow() {
        assertThat(fold(USERS.update(KEY, Map.of("name", "x"))).outcome()).isEqualTo(Outcome.UPSERT);
    }

    @Test
    void updateToNullCreatesNothing() {
        FoldedRow row = fold(USERS.update(KEY, nulls("email")));

        assertThat(row.outcome()).isEqualTo(Outcome.UPDATE_IF_PRESENT);
        assertThat(sets(row, 0)).isTrue();
    }

    @Test
    void valueThatIsSetToNullAgainCreatesNothing() {
        assertThat(fold(USERS.update(KEY, Map.of("email", "a")), USERS.update(KEY, nulls("email")))
                        .outcome())
                .isEqualTo(Outcome.UPDATE_IF_PRESENT);
    }

    @Test
    void insertThatIsSetToNullAgainLeavesTheRow() {
        assertThat(fold(USERS.insert(KEY, Map.of("email", "a")), USERS.update(KEY, nulls("email")))
                        .outcome())
                .isEqualTo(Outcome.UPSERT);
    }

    @Test
    void deleteEndsWhatWasBefore() {
        FoldedRow row = fold(USERS.insert(KEY, Map.of("email", "a")), USERS.delete(KEY));

        assertThat(row.outcome()).isEqualTo(Outcome.DELETE);
        assertThat(row.value(0)).isNull();
    }

    @Test
    void writeAfterDeleteReplacesTheRow() {
        FoldedRow row = fold(
                USERS.insert(KEY, Map.of("email", "a", "name", "x")),
                USERS.delete(KEY),
                USERS.update(KEY, Map.of("email", "b")));

        assertThat(row.outcome()).isEqualTo(Outcome.REPLACE);
        assertThat(row.value(0)).isEqualTo("b");
        assertThat(sets(row, 1)).as("what the delete removed is set to null").isTrue();
        assertThat(row.value(1)).isNull();
    }

    @Test
    void nullsAfterDeleteLeaveItDeleted() {
        assertThat(fold(USERS.delete(KEY), USERS.update(KEY, nulls("email"))).outcome())
                .isEqualTo(Outcome.DELETE);
    }

    @Test
    void readSetsAllColumns() {
        FoldedRow row = fold(USERS.read(KEY, Map.of("email", "a")));

        assertThat(row.setsAll()).isTrue();
        assertThat(row.value(1)).isNull();
    }

    @Test
    void partitionDeleteEndsWhatWasBeforeInItAndRunsFirst() {
        List<Segment> segments = Fold.of(
                List.of(
                        READINGS.insert(List.of("a", 1), Map.of("value", 1.0)),
                        READINGS.insert(List.of("b", 1), Map.of("value", 2.0)),
                        READINGS.delete(List.of("a")),
                        READINGS.update(List.of("a", 2), Map.of("note", "n"))),
                FoldTest::layout);

        assertThat(segments).hasSize(1);
        assertThat(segments.get(0).deletedPartitions()).containsExactly(new Object[] {"a"});
        assertThat(segments.get(0).rows())
                .extracting(row -> List.of(row.key(0), row.key(1), row.outcome()))
                .containsExactlyInAnyOrder(List.of("b", 1, Outcome.UPSERT), List.of("a", 2, Outcome.REPLACE));
    }

    @Test
    void schemasWithAColumnMoreShareASegment() {
        Events wider = new Events(EventSchema.of(
                TableId.parse("ks.users"),
                with(USERS.schema(), Events.column("phone", Kind.REGULAR, Events.plain(Schema.Type.STRING)))));
        Layout union = layout(USERS.schema()).with(wider.schema()).orElseThrow();

        List<Segment> segments = Fold.of(
                List.of(
                        USERS.insert(KEY, Map.of("email", "a")),
                        wider.update(KEY, Map.of("phone", "1")),
                        USERS.update(KEY, Map.of("name", "x"))),
                schema -> union);

        assertThat(segments).hasSize(1);
        FoldedRow row = segments.get(0).rows().get(0);
        assertThat(row.value(union.values().size() - 1)).isEqualTo("1");
        assertThat(row.value(1)).isEqualTo("x");
    }

    @Test
    void aColumnOfAnotherTypeBeginsASegment() {
        Events changed = new Events(EventSchema.of(
                TableId.parse("ks.users"),
                List.of(
                        Events.column("user_id", Kind.PARTITION_KEY, Events.plain(Schema.Type.LONG)),
                        Events.column("email", Kind.REGULAR, Events.plain(Schema.Type.LONG)))));

        assertThat(layout(USERS.schema()).with(changed.schema())).isEmpty();
        assertThat(Fold.of(
                        List.of(USERS.insert(KEY, Map.of()), changed.update(KEY, Map.of("email", 1L))),
                        FoldTest::layout))
                .hasSize(2);
    }

    /** Any sequence, cut into batches anywhere, ends as the rows of the model do. */
    @Test
    void randomSequencesEndAsTheModel() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            Model model = new Model();
            FoldModel folded = new FoldModel();
            List<ChangeEvent> batch = new ArrayList<>();
            int events = 1 + random.nextInt(25);
            List<String> story = new ArrayList<>();
            for (int i = 0; i < events; i++) {
                ChangeEvent event = randomEvent(random, story);
                model.apply(event);
                batch.add(event);
                if (random.nextInt(8) == 0) {
                    folded.apply(batch);
                    batch = new ArrayList<>();
                    story.add("|");
                }
            }
            folded.apply(batch);
            Map<List<Object>, Map<String, Object>> expected = model.live();
            // a row that nobody inserted goes with its last value, over batches too, which deltas alone do not tell
            folded.rows.entrySet().removeIf(row -> row.getValue().isEmpty() && !expected.containsKey(row.getKey()));
            assertThat(folded.rows).as("seed %d: %s", seed, story).isEqualTo(expected);
        }
    }

    private static ChangeEvent randomEvent(Random random, List<String> story) {
        String sensor = "s" + random.nextInt(2);
        int at = random.nextInt(4);
        List<Object> key = List.of(sensor, at);
        Map<String, Object> written = new HashMap<>();
        for (String column : List.of("value", "note")) {
            if (random.nextBoolean()) {
                boolean isNull = random.nextInt(3) == 0;
                written.put(
                        column,
                        isNull ? null : column.equals("note") ? "n" + random.nextInt(9) : random.nextInt(9) + 0.5);
            }
        }
        int kind = random.nextInt(11);
        if (kind == 10) {
            Range range = new Range(randomBound(random), randomBound(random));
            story.add("range " + sensor + text(range.lower()) + text(range.upper()));
            return READINGS.delete(List.of(sensor), range);
        }
        story.add(kind + sensor + at + written);
        if (kind == 0) {
            return READINGS.delete(List.of(sensor));
        }
        if (kind < 3) {
            return READINGS.delete(key);
        }
        if (kind == 3) {
            return READINGS.read(key, written);
        }
        return kind < 7 ? READINGS.insert(key, written) : READINGS.update(key, written);
    }

    private static Range.Bound randomBound(Random random) {
        return random.nextInt(4) == 0 ? null : new Range.Bound(new Object[] {random.nextInt(4)}, random.nextBoolean());
    }

    private static String text(Range.Bound bound) {
        return bound == null ? " open" : " " + bound.prefix()[0] + (bound.inclusive() ? "]" : ")");
    }

    private static boolean within(Range range, int at) {
        return reaches(range.lower(), at, 1) && reaches(range.upper(), at, -1);
    }

    /** Whether a value lies on the right side of a bound: above it (1) or below it (-1). */
    private static boolean reaches(Range.Bound bound, int at, int side) {
        int compared = bound == null ? side : side * Integer.compare(at, (int) bound.prefix()[0]);
        return bound == null || compared > 0 || (compared == 0 && bound.inclusive());
    }

    /** Rows as Scylla has them: one is there if it was inserted, or has a value. */
    private static final class Model {
        final Map<List<Object>, Map<String, Object>> rows = new HashMap<>();
        final Set<List<Object>> inserted = new HashSet<>();

        void apply(ChangeEvent event) {
            if (event.range() != null) {
                rows.keySet().removeIf(key -> inRange(event, key));
                inserted.removeIf(key -> inRange(event, key));
                return;
            }
            if (event.isPartitionDelete()) {
                rows.keySet().removeIf(key -> key.get(0).equals(event.key()[0]));
                inserted.removeIf(key -> key.get(0).equals(event.key()[0]));
                return;
            }
            List<Object> key = List.of(event.key());
            if (event.op() == Operation.CREATE || event.op() == Operation.READ) {
                inserted.add(key);
            }
            switch (event.op()) {
                case DELETE -> {
                    rows.remove(key);
                    inserted.remove(key);
                }
                case CREATE, READ, UPDATE -> {
                    Map<String, Object> row = rows.computeIfAbsent(key, k -> new HashMap<>());
                    List<EventColumn> columns = event.schema().valueColumns();
                    for (int i = 0; i < columns.size(); i++) {
                        if (event.changed() == null || event.changed().get(i)) {
                            row.put(columns.get(i).name(), event.values()[i]);
                        }
                    }
                }
            }
        }

        private static boolean inRange(ChangeEvent event, List<Object> key) {
            return key.get(0).equals(event.key()[0]) && within(event.range(), (int) key.get(1));
        }

        Map<List<Object>, Map<String, Object>> live() {
            rows.values().forEach(row -> row.values().removeIf(value -> value == null));
            rows.entrySet().removeIf(row -> row.getValue().isEmpty() && !inserted.contains(row.getKey()));
            return rows;
        }
    }

    /** What the statements do with segments. */
    private static final class FoldModel {
        final Map<List<Object>, Map<String, Object>> rows = new HashMap<>();

        void apply(List<ChangeEvent> batch) {
            for (Segment segment : Fold.of(batch, FoldTest::layout)) {
                segment.deletedPartitions()
                        .forEach(partition ->
                                rows.keySet().removeIf(key -> key.get(0).equals(partition[0])));
                segment.deletedRanges()
                        .forEach(range -> rows.keySet()
                                .removeIf(key -> key.get(0).equals(range.partitionKey()[0])
                                        && within(range.range(), (int) key.get(1))));
                segment.rows().forEach(row -> apply(segment.layout(), row));
            }
        }

        private void apply(Layout layout, FoldedRow folded) {
            List<Object> key = List.of(folded.key(0), folded.key(1));
            if (folded.outcome() == Outcome.DELETE) {
                rows.remove(key);
                return;
            }
            if (!rows.containsKey(key) && !folded.outcome().creates()) {
                return;
            }
            Map<String, Object> row = rows.computeIfAbsent(key, k -> new HashMap<>());
            for (int i = 0; i < layout.values().size(); i++) {
                if (sets(folded, i)) {
                    row.put(layout.values().get(i).name(), folded.value(i));
                }
            }
            row.values().removeIf(value -> value == null);
        }
    }

    private static Layout layout(EventSchema schema) {
        return Layout.of(schema, ValuePolicy.STRICT);
    }

    private static boolean sets(FoldedRow row, int column) {
        return (row.mask(0) & (1L << column)) != 0;
    }

    private static FoldedRow fold(ChangeEvent... events) {
        List<Segment> segments = Fold.of(List.of(events), FoldTest::layout);
        assertThat(segments).hasSize(1);
        assertThat(segments.get(0).rows()).hasSize(1);
        return segments.get(0).rows().get(0);
    }

    private static Map<String, Object> nulls(String column) {
        Map<String, Object> written = new HashMap<>();
        written.put(column, null);
        return written;
    }

    private static List<EventColumn> with(EventSchema schema, EventColumn more) {
        List<EventColumn> columns = new ArrayList<>(schema.keyColumns());
        columns.addAll(schema.valueColumns());
        columns.add(more);
        return columns;
    }
}
