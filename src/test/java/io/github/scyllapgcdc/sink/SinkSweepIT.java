package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.progress.ProgressRecord.Load;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** After a reload, the rows that it did not bring are asked for: the source knows whether they are gone. */
class SinkSweepIT extends SinkTestSupport {
    private static final String LOAD = "5b6962dd-3f90-4c93-8f61-eabfa4a803e2";

    @Test
    void onlyRowsThatTheReloadDidNotBringAreAskedFor() throws Exception {
        // Given rows from before
        Events users = Events.users(table("users"));
        EventTopic topic = topic("users");
        sink(topic);
        for (long id = 1; id <= 5; id++) {
            topic.send(users.insert(List.of(id), Map.of("email", "before")));
        }
        settle(topic);

        // When a reload brings all but two of them, and a change comes in between
        sendProgress(load(topic, Load.State.BEGUN));
        await().atMost(Duration.ofSeconds(30)).until(() -> reloads(topic, "since IS NOT NULL") == 1);
        topic.send(users.read(List.of(1L), Map.of("email", "reloaded")));
        topic.send(users.update(List.of(2L), Map.of("email", "changed meanwhile")));
        topic.send(users.read(List.of(4L), Map.of("email", "before")));
        settle(topic);
        sendProgress(load(topic, Load.State.DONE));
        await().atMost(Duration.ofSeconds(30)).until(() -> reloads(topic, "swept_at IS NOT NULL") == 1);

        // Then those two are asked for, once
        assertThat(keysAskedFor(topic)).containsExactlyInAnyOrder(List.of(3L), List.of(5L));
        assertThat(value("SELECT count(*) FROM " + table("users"))).isEqualTo("5");
    }

    @Test
    void aReloadThatWasOverBeforeItWasSeenHasEveryRowAskedFor() throws Exception {
        Events users = Events.users(table("users"));
        EventTopic topic = topic("users");
        sink(topic);
        topic.send(users.read(List.of(1L), Map.of()));
        topic.send(users.read(List.of(2L), Map.of()));
        settle(topic);

        sendProgress(load(topic, Load.State.DONE));
        await().atMost(Duration.ofSeconds(30)).until(() -> reloads(topic, "swept_at IS NOT NULL") == 1);

        assertThat(keysAskedFor(topic)).containsExactlyInAnyOrder(List.of(1L), List.of(2L));
    }

    /** What is read back from Postgres is what the event had, for every type that a key may have. */
    @Test
    void keysOfEveryTypeAreReadBack() throws Exception {
        List<Schema> types = List.of(
                Events.plain(Schema.Type.BOOLEAN),
                EventTypes.narrowInt(8),
                Events.plain(Schema.Type.INT),
                Events.plain(Schema.Type.LONG),
                Events.plain(Schema.Type.FLOAT),
                Events.plain(Schema.Type.DOUBLE),
                EventTypes.bigDecimal(),
                Events.plain(Schema.Type.BYTES),
                Events.plain(Schema.Type.STRING),
                EventTypes.timeUuid(),
                EventTypes.timestampMillis(),
                EventTypes.date(),
                EventTypes.timeNanos(),
                EventTypes.inet());
        List<EventColumn> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add(Events.column("k" + i, i == 0 ? Kind.PARTITION_KEY : Kind.CLUSTERING, types.get(i)));
        }
        Events events = new Events(EventSchema.of(TableId.parse(table("keys")), columns));
        EventTopic topic = topic("keys");
        sink(topic);
        List<Object> first = Arrays.asList(
                true,
                -128,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                1.1f,
                Double.NaN,
                new BigDecimal("-1234567890123456789012345.678"),
                ByteBuffer.wrap(new byte[] {0, -1}),
                "a \"quoted\" é text",
                "58e0a7d7-eebc-11d8-9669-0800200c9a66",
                -62_135_596_800_001L,
                -719_163,
                86_399_999_999_000L,
                "192.168.0.1");
        topic.send(events.insert(first, Map.of()));
        settle(topic);

        sendProgress(load(topic, Load.State.DONE));
        await().atMost(Duration.ofSeconds(30)).until(() -> reloads(topic, "swept_at IS NOT NULL") == 1);

        assertThat(keysAskedFor(topic)).containsExactly(first);
    }

    @Test
    void keysThatAreNoScalarsAreReadBackToo() throws Exception {
        // Given a table whose key has a column of each kind of frozen value
        Schema number = Events.plain(Schema.Type.INT);
        Schema text = Events.plain(Schema.Type.STRING);
        Map<String, Schema> fields = new LinkedHashMap<>();
        fields.put("street", text);
        fields.put("The no", number);
        Schema address = EventTypes.record("t.address", fields);
        List<Schema> types = List.of(
                EventTypes.list(EventTypes.bigDecimal()),
                EventTypes.set(EventTypes.timeUuid()),
                EventTypes.vector(Events.plain(Schema.Type.FLOAT), 2),
                EventTypes.map("t.map", number, text),
                EventTypes.map("t.texts", text, number),
                EventTypes.tuple("t.tuple", List.of(EventTypes.timestampMillis(), text)),
                EventTypes.list(address));
        List<EventColumn> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add(Events.column("k" + i, i == 0 ? Kind.PARTITION_KEY : Kind.CLUSTERING, types.get(i)));
        }
        Events events = new Events(EventSchema.of(TableId.parse(table("frozen")), columns));
        EventTopic topic = topic("frozen");
        sink(topic);
        List<Object> first = Arrays.asList(
                List.of(new BigDecimal("1.5"), new BigDecimal("-12345678901234567890")),
                List.of("58e0a7d7-eebc-11d8-9669-0800200c9a66"),
                List.of(1.1f, Float.NaN),
                Map.of(-1, "a \"b\""),
                Map.of("", 2),
                Arrays.asList(-62_135_596_800_001L, null),
                List.of(Arrays.asList("Main", null), Arrays.asList(null, 4)));
        topic.send(events.insert(first, Map.of()));
        settle(topic);

        // When a reload ends that did not bring the row
        sendProgress(load(topic, Load.State.DONE));
        await().atMost(Duration.ofSeconds(30)).until(() -> reloads(topic, "swept_at IS NOT NULL") == 1);

        // Then it is asked for by the key that it came with
        assertThat(keysAskedFor(topic)).containsExactly(first);
    }

    @Test
    void aRowOfSomebodyElseWhoseKeyTheSourceCannotHaveIsLeftAlone() throws Exception {
        // Given a table with a row of the source and one with a key of more precision than the source has
        Events events = new Events(EventSchema.of(
                TableId.parse(table("times")),
                List.of(Events.column("at", Kind.PARTITION_KEY, EventTypes.timestampMillis()))));
        EventTopic topic = topic("times");
        sink(topic);
        topic.send(events.insert(List.of(1L), Map.of()));
        settle(topic);
        execute("INSERT INTO " + table("times") + " (at) VALUES ('1970-01-01 00:00:00.001001+00')");

        // When they are swept
        sendProgress(load(topic, Load.State.DONE));
        await().atMost(Duration.ofSeconds(30)).until(() -> reloads(topic, "swept_at IS NOT NULL") == 1);

        // Then only the first is asked for, and the other does not pass for it
        assertThat(keysAskedFor(topic)).containsExactly(List.of(1L));
    }

    private static Load load(EventTopic topic, Load.State state) {
        return new Load(topic.name(), 0, 1, LOAD, true, state);
    }

    private static int reloads(EventTopic topic, String condition) throws Exception {
        return Integer.parseInt(value(
                "SELECT count(*) FROM cdc_metadata.reloads WHERE topic = '" + topic.name() + "' AND " + condition));
    }

    private static List<List<Object>> keysAskedFor(EventTopic topic) {
        EventCodec codec = new EventCodec(new ConfluentRegistry(stack.registryUrl(), Login.none(), Optional.empty()));
        return refreshesOf(topic).stream()
                .map(record -> Arrays.asList(codec.decodeKey(record.value())))
                .toList();
    }
}
