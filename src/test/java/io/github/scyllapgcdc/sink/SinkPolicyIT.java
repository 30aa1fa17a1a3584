package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.TableId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values and names that Postgres does not take as they are: dead letters or what the policy says, never a loop. */
class SinkPolicyIT extends SinkTestSupport {
    private static final Schema TEXT = Events.plain(Schema.Type.STRING);

    private Events events;
    private EventTopic topic;

    @BeforeEach
    void describeTable() throws Exception {
        events = new Events(EventSchema.of(
                TableId.parse(table("odd")),
                List.of(
                        Events.column("id", Kind.PARTITION_KEY, TEXT),
                        Events.column("note", Kind.REGULAR, TEXT),
                        Events.column("props", Kind.REGULAR, EventTypes.map("t.props", TEXT, TEXT)),
                        Events.column("at", Kind.REGULAR, EventTypes.timestampMillis()),
                        Events.column("day", Kind.REGULAR, EventTypes.date()),
                        Events.column("number", Kind.REGULAR, EventTypes.bigDecimal()),
                        Events.column("ratio", Kind.REGULAR, Events.plain(Schema.Type.DOUBLE)))));
        topic = topic("odd");
    }

    private void sendAll() throws Exception {
        topic.send(events.insert(List.of("plain"), Map.of("note", "n")));
        topic.send(events.insert(List.of("nul"), Map.of("note", "a\0b")));
        topic.send(events.insert(List.of("nul in json"), Map.of("props", Map.of("k", "a\0b"))));
        topic.send(events.insert(List.of("late"), Map.of("at", Long.MAX_VALUE, "day", Integer.MAX_VALUE)));
        topic.send(events.insert(List.of("early"), Map.of("at", Long.MIN_VALUE, "day", Integer.MIN_VALUE)));
        topic.send(events.insert(List.of("long"), Map.of("number", new BigDecimal(BigInteger.TEN.pow(999)))));
        topic.send(
                events.insert(List.of("too long"), Map.of("number", new BigDecimal(BigInteger.ONE, -2_000_000_000))));
        topic.send(events.insert(List.of("NaN"), Map.of("ratio", Double.NaN)));
        topic.send(events.insert(List.of("infinite"), Map.of("ratio", Double.NEGATIVE_INFINITY)));
        topic.send(events.insert(List.of("key\0"), Map.of("note", "n")));
        settle(topic);
    }

    @Test
    void byDefaultWhatPostgresCannotHoldIsADeadLetterAndTheRestIsApplied() throws Exception {
        SinkApplication sink = sink(topic);

        sendAll();

        assertThat(query("SELECT id FROM " + table("odd") + " ORDER BY 1"))
                .containsExactly(List.of("NaN"), List.of("infinite"), List.of("long"), List.of("plain"));
        assertThat(value("SELECT length(number::text) FROM " + table("odd") + " WHERE id = 'long'"))
                .isEqualTo("1000");
        assertThat(query("SELECT ratio FROM " + table("odd") + " WHERE ratio IS NOT NULL ORDER BY 1"))
                .containsExactly(List.of("-Infinity"), List.of("NaN"));
        assertThat(sink.status(topic.name()).figures()).containsEntry("deadLetters", 6L);
    }

    @Test
    void policiesChangeValuesButNeverAKey() throws Exception {
        SinkApplication sink = sink(Map.of("sink.text.nul", "strip", "sink.time.range", "infinity"), topic);

        sendAll();

        assertThat(query("SELECT id, note, props ->> 'k', at, day FROM " + table("odd")
                        + " WHERE id IN ('nul', 'nul in json', 'late', 'early') ORDER BY 1"))
                .containsExactly(
                        Arrays.asList("early", null, null, "-infinity", "-infinity"),
                        Arrays.asList("late", null, null, "infinity", "infinity"),
                        Arrays.asList("nul", "ab", null, null, null),
                        Arrays.asList("nul in json", null, "ab", null, null));
        assertThat(sink.status(topic.name()).figures())
                .as("the key and the number with two billion digits")
                .containsEntry("deadLetters", 2L);
    }

    @Test
    void namesAreTakenAsTheyAre() throws Exception {
        Events quoted = new Events(EventSchema.of(
                TableId.parse(table("Order")),
                List.of(
                        Events.column("select", Kind.PARTITION_KEY, TEXT),
                        Events.column("Mixed Case", Kind.REGULAR, TEXT),
                        Events.column("mixed case", Kind.REGULAR, TEXT),
                        Events.column("a\"b?", Kind.STATIC, TEXT))));
        EventTopic named = topic("Order");
        sink(named);
        Map<String, Object> row = new HashMap<>();
        row.put("Mixed Case", "upper");
        row.put("mixed case", "lower");
        named.send(quoted.insert(List.of("from"), row));
        settle(named);

        assertThat(query("SELECT \"select\", \"Mixed Case\", \"mixed case\", \"a\"\"b?\" FROM " + keyspace
                        + ".\"Order\""))
                .containsExactly(Arrays.asList("from", "upper", "lower", null));
    }
}
