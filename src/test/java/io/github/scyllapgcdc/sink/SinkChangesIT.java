package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.event.TableId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that are more than one row's written columns: ranges, static columns, elements of collections. */
class SinkChangesIT extends SinkTestSupport {
    private static final Schema TEXT = Events.plain(Schema.Type.STRING);
    private static final Schema INT = Events.plain(Schema.Type.INT);

    @ParameterizedTest(name = "one batch: {0}")
    @ValueSource(booleans = {true, false})
    void rangeDeletesFollowTheOrderOfTheSource(boolean oneBatch) throws Exception {
        // Given a table sorted by a text from small to large, then by a number from large to small
        Events events = new Events(EventSchema.of(
                TableId.parse(table("ranges")),
                List.of(
                        Events.column("p", Kind.PARTITION_KEY, INT),
                        Events.column("a", Kind.CLUSTERING, TEXT),
                        new EventColumn("b", Kind.CLUSTERING, INT, "int", true, null),
                        Events.column("v", Kind.REGULAR, INT))));
        EventTopic topic = topic("ranges");
        sink(topic);
        List<ChangeEvent> story = new ArrayList<>();
        for (String a : List.of("B", "a", "b")) {
            for (int b = 0; b < 4; b++) {
                for (int p = 1; p <= 5; p++) {
                    story.add(events.insert(List.of(p, a, b), Map.of("v", b)));
                }
            }
        }
        // When of partition 1 everything up to "a" goes: in bytes, "B" is before "a"
        story.add(events.delete(List.of(1), new Range(null, bound(true, "a"))));
        // of 2 what has "a" and less than 2, which stands behind 2 in the source
        story.add(events.delete(List.of(2), new Range(bound(false, "a", 2), bound(true, "a"))));
        // of 3 what lies between two points of several prefixes
        story.add(events.delete(List.of(3), new Range(bound(true, "B", 1), bound(false, "b", 2))));
        // of 4 everything, by a range that is open on both sides, and one row comes back with what is written then
        story.add(events.delete(List.of(4), new Range(null, null)));
        story.add(events.update(List.of(4, "a", 1), Map.of("v", 7)));
        // of 5 nothing: no row has the bounds
        story.add(events.delete(List.of(5), new Range(bound(false, "a", 2), bound(false, "a", 1))));
        for (ChangeEvent event : story) {
            topic.send(event);
        }
        if (!oneBatch) {
            settle(topic);
        }
        settle(topic);

        // Then exactly those are gone
        assertThat(rowsOf(1)).isEqualTo("b0 b1 b2 b3");
        assertThat(rowsOf(2)).isEqualTo("B0 B1 B2 B3 a2 a3 b0 b1 b2 b3");
        assertThat(rowsOf(3)).isEqualTo("B2 B3 b0 b1 b2");
        assertThat(rowsOf(4)).isEqualTo("a1");
        assertThat(rowsOf(5)).isEqualTo("B0 B1 B2 B3 a0 a1 a2 a3 b0 b1 b2 b3");
        assertThat(value("SELECT v FROM " + table("ranges") + " WHERE p = 4")).isEqualTo("7");
    }

    private String rowsOf(int partition) throws Exception {
        return value("SELECT string_agg(a || b, ' ' ORDER BY a COLLATE \"C\", b) FROM " + table("ranges")
                + " WHERE p = " + partition);
    }

    private static Range.Bound bound(boolean inclusive, Object... prefix) {
        return new Range.Bound(Arrays.copyOf(prefix, 2), inclusive);
    }

    @ParameterizedTest(name = "one batch: {0}")
    @ValueSource(booleans = {true, false})
    void staticColumnsAreThoseOfThePartition(boolean oneBatch) throws Exception {
        Events events = new Events(EventSchema.of(
                TableId.parse(table("statics")),
                List.of(
                        Events.column("p", Kind.PARTITION_KEY, INT),
                        Events.column("c", Kind.CLUSTERING, INT),
                        Events.column("s", Kind.STATIC, TEXT),
                        new EventColumn("tags", Kind.STATIC, EventTypes.set(TEXT), "", false, Schema.createArray(TEXT)),
                        Events.column("v", Kind.REGULAR, TEXT))));
        EventTopic topic = topic("statics");
        sink(topic);
        List<ChangeEvent> story = List.of(
                // a row before its static value, and one after
                events.insert(List.of(1, 1), Map.of("v", "x")),
                events.update(List.of(1), Map.of("s", "one", "tags", List.of("b"))),
                events.insert(List.of(1, 2), Map.of("v", "y")),
                events.elements(List.of(1), "tags", List.of("a", "c"), List.of("b")),
                // a partition whose static value goes with it
                events.update(List.of(2), Map.of("s", "gone")),
                events.insert(List.of(2, 1), Map.of("v", "z")),
                events.delete(List.of(2)),
                events.insert(List.of(2, 2), Map.of("v", "new")),
                // a static value alone makes no row, and stays when the last row goes
                events.update(List.of(3), Map.of("s", "three")),
                events.insert(List.of(3, 1), Map.of()),
                events.delete(List.of(3, 1)),
                events.update(List.of(3, 2), Map.of("v", "back")),
                // a static value that is set to null, and a read of the partition's statics
                events.insert(List.of(4, 1), Map.of()),
                events.update(List.of(4), Map.of("s", "four", "tags", List.of("t"))),
                events.read(List.of(4), Map.of("s", "read")),
                events.read(List.of(4, 1), Map.of("v", "w")));
        for (ChangeEvent event : story) {
            topic.send(event);
            if (!oneBatch) {
                settle(topic);
            }
        }
        settle(topic);

        assertThat(query("SELECT p, c, s, tags, v FROM " + table("statics") + " ORDER BY 1, 2"))
                .containsExactly(
                        Arrays.asList("1", "1", "one", "{a,c}", "x"),
                        Arrays.asList("1", "2", "one", "{a,c}", "y"),
                        Arrays.asList("2", "2", null, null, "new"),
                        Arrays.asList("3", "2", "three", null, "back"),
                        Arrays.asList("4", "1", "read", null, "w"));
    }

    @ParameterizedTest(name = "one batch: {0}")
    @ValueSource(booleans = {true, false})
    void elementsChangeWithoutTheWholeValue(boolean oneBatch) throws Exception {
        Map<String, Schema> fields = new LinkedHashMap<>();
        fields.put("street", TEXT);
        fields.put("no", INT);
        Events events = new Events(EventSchema.of(
                TableId.parse(table("elements")),
                List.of(
                        Events.column("id", Kind.PARTITION_KEY, INT),
                        ofElements("numbers", EventTypes.set(INT), INT),
                        ofElements("props", EventTypes.map("t.props", TEXT, INT), TEXT),
                        ofElements("address", EventTypes.record("t.address", fields), TEXT),
                        ofElements("pairs", EventTypes.set(EventTypes.list(INT)), EventTypes.list(INT)))));
        EventTopic topic = topic("elements");
        sink(topic);
        List<ChangeEvent> story = List.of(
                // added to what is not there yet: that makes the row
                events.elements(List.of(1), "numbers", List.of(3, 1), null),
                events.elements(List.of(1), "numbers", List.of(2), List.of(3)),
                events.elements(List.of(1), "props", Map.of("a", 1, "b", 2), null),
                events.elements(List.of(1), "props", Map.of("b", 3), List.of("a")),
                events.elements(List.of(1), "address", Arrays.asList("Main St", null), null),
                events.elements(List.of(1), "address", Arrays.asList(null, 7), null),
                events.elements(List.of(1), "pairs", List.of(List.of(2), List.of(1, 1)), null),
                events.elements(List.of(1), "pairs", null, List.of(List.of(2))),
                // whole, then in part; the last element goes
                events.insert(List.of(2), Map.of("numbers", List.of(5, 6), "address", Arrays.asList("X", 1))),
                events.elements(List.of(2), "numbers", null, List.of(5, 6)),
                events.elements(List.of(2), "address", null, List.of("no")),
                // in part, then whole; after a delete what is added is all there is
                events.elements(List.of(3), "numbers", List.of(1), null),
                events.update(List.of(3), Map.of("numbers", List.of(9))),
                events.delete(List.of(3)),
                events.elements(List.of(3), "numbers", List.of(4), List.of(9)),
                // removed from what is not there: no row
                events.elements(List.of(4), "numbers", null, List.of(1)));
        for (ChangeEvent event : story) {
            topic.send(event);
            if (!oneBatch) {
                settle(topic);
            }
        }
        settle(topic);

        assertThat(query("SELECT id, numbers, props, address, pairs FROM " + table("elements") + " ORDER BY 1"))
                .containsExactly(
                        Arrays.asList("1", "{1,2}", "{\"b\": 3}", "{\"no\": 7, \"street\": \"Main St\"}", "[[1, 1]]"),
                        Arrays.asList("2", null, null, "{\"street\": \"X\"}", null),
                        Arrays.asList("3", "{4}", null, null, null));
    }

    private static EventColumn ofElements(String name, Schema type, Schema removed) {
        return new EventColumn(name, Kind.REGULAR, type, "", false, Schema.createArray(removed));
    }

    @Test
    void aRowWhoseLastValueBecameNullIsAskedFor() throws Exception {
        // Given rows that an insert made and rows that an update made; the events do not tell which they were
        Events users = Events.users(table("users"));
        EventTopic topic = topic("users");
        sink(topic);
        topic.send(users.insert(List.of(1L), Map.of("email", "a")));
        topic.send(users.update(List.of(2L), Map.of("email", "b", "name", "B")));
        settle(topic);

        // When values become null, of the first all, of the second one
        topic.send(users.update(List.of(1L), nulls("email")));
        topic.send(users.update(List.of(2L), nulls("email")));
        topic.send(users.update(List.of(3L), nulls("email")));
        settle(topic);

        // Then the source is asked about the first alone, and until it answers the row stays
        assertThat(refreshesOf(topic)).hasSize(1);
        assertThat(query("SELECT user_id FROM " + table("users") + " ORDER BY 1"))
                .containsExactly(List.of("1"), List.of("2"));
    }

    private static Map<String, Object> nulls(String column) {
        Map<String, Object> written = new HashMap<>();
        written.put(column, null);
        return written;
    }
}
