package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.progress.ProgressRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** What has a time to live goes when the table's own progress says that it is over. */
class SinkExpiryIT extends SinkTestSupport {
    private static final long DUE = 1_000_000_000_000L;
    private static final long LATER = DUE + 60_000;

    @Test
    void rowsAndValuesGoWhenTheTablesChangesHaveComeSoFar() throws Exception {
        // Given rows and values that expire, some of them written again
        Events users = Events.users(table("users"));
        EventTopic topic = topic("users");
        sink(topic);
        topic.send(users.expiring(users.insert(List.of(1L), Map.of("email", "row", "name", "goes")), DUE));
        topic.send(users.insert(List.of(2L), Map.of("email", "stays", "name", "stays")));
        topic.send(users.expiring(users.update(List.of(2L), Map.of("name", "goes")), DUE));
        topic.send(users.expiring(users.insert(List.of(3L), Map.of("email", "a")), DUE));
        topic.send(users.update(List.of(3L), Map.of("name", "written without")));
        topic.send(users.expiring(users.insert(List.of(4L), Map.of("email", "prolonged")), DUE));
        topic.send(users.expiring(users.insert(List.of(4L), Map.of("email", "prolonged")), LATER));
        topic.send(users.expiring(users.insert(List.of(5L), Map.of("email", "cancelled")), DUE));
        settle(topic);
        topic.send(users.insert(List.of(5L), Map.of("email", "cancelled")));
        topic.send(users.expiring(users.insert(List.of(6L), Map.of("email", "deleted and back")), DUE));
        topic.send(users.delete(List.of(6L)));
        topic.send(users.insert(List.of(6L), Map.of("email", "deleted and back")));
        topic.send(users.read(List.of(7L), Map.of("email", "read", "name", "read")));
        topic.send(users.expiring(users.update(List.of(7L), Map.of("name", "read")), DUE));
        settle(topic);

        // When the source has come just short of the moment, nothing happens, however late the clock
        progress(topic, DUE - 1);
        progress(topic, DUE - 1);
        assertThat(count()).isEqualTo("7");

        // When it has come so far
        progress(topic, DUE);

        // Then exactly what was due is gone
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(query("SELECT user_id, email, name FROM " + table("users") + " ORDER BY 1"))
                                .containsExactly(
                                        Arrays.asList("2", "stays", null),
                                        Arrays.asList("3", null, "written without"),
                                        Arrays.asList("4", "prolonged", null),
                                        Arrays.asList("5", "cancelled", null),
                                        Arrays.asList("6", "deleted and back", null),
                                        Arrays.asList("7", "read", null)));
        assertThat(query("SELECT expires FROM cdc_metadata.expirations WHERE target = '" + table("users") + "'"))
                .as("what is still remembered")
                .hasSize(1);
    }

    @Test
    void aRowThatAnUpdateMadeIsAskedForWhenItsLastValueExpires() throws Exception {
        Events users = Events.users(table("users"));
        EventTopic topic = topic("users");
        sink(topic);
        topic.send(users.expiring(users.update(List.of(1L), Map.of("email", "a")), DUE));
        settle(topic);

        progress(topic, DUE);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(refreshesOf(topic)).hasSize(1));
        assertThat(value("SELECT email FROM " + table("users"))).isNull();
    }

    @Test
    void aRowThatWasReadMeanwhileIsAskedForWhenItWasToExpire() throws Exception {
        // Given rows of nothing but keys that are to expire, and are read before, which does not tell when they expire
        Events users = Events.users(table("users"));
        EventTopic topic = topic("users");
        sink(topic);
        topic.send(users.expiring(users.insert(List.of(1L), Map.of()), DUE));
        topic.send(users.read(List.of(1L), Map.of()));
        topic.send(users.expiring(users.insert(List.of(2L), Map.of()), DUE));
        settle(topic);
        topic.send(users.read(List.of(2L), Map.of()));
        topic.send(users.expiring(users.insert(List.of(3L), Map.of()), DUE));
        topic.send(users.read(List.of(3L), Map.of()));
        topic.send(users.insert(List.of(3L), Map.of()));
        settle(topic);

        progress(topic, DUE);

        // Then the source is to say whether they are there, but for the one that was inserted for good
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(refreshesOf(topic)).hasSize(2));
        assertThat(query("SELECT 1 FROM cdc_metadata.expirations WHERE target = '" + table("users") + "'"))
                .isEmpty();
        assertThat(count()).isEqualTo("3");
    }

    @Test
    void staticValuesExpireInAllRows() throws Exception {
        Events events = new Events(EventSchema.of(
                TableId.parse(table("statics")),
                List.of(
                        Events.column("p", Kind.PARTITION_KEY, Events.plain(Schema.Type.INT)),
                        Events.column("c", Kind.CLUSTERING, Events.plain(Schema.Type.INT)),
                        Events.column("s", Kind.STATIC, Events.plain(Schema.Type.STRING)))));
        EventTopic topic = topic("statics");
        sink(topic);
        topic.send(events.insert(List.of(1, 1), Map.of()));
        topic.send(events.expiring(events.update(List.of(1), Map.of("s", "x")), DUE));
        topic.send(events.insert(List.of(1, 2), Map.of()));
        settle(topic);
        assertThat(query("SELECT s FROM " + table("statics"))).containsExactly(List.of("x"), List.of("x"));

        progress(topic, DUE);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(value("SELECT count(s) FROM " + table("statics")))
                        .isEqualTo("0"));
        topic.send(events.insert(List.of(1, 3), Map.of()));
        settle(topic);
        assertThat(value("SELECT count(s) FROM " + table("statics"))).isEqualTo("0");
    }

    @Test
    void ttlCanBeIgnored() throws Exception {
        Events users = Events.users(table("users"));
        EventTopic topic = topic("users");
        sink(Map.of("sink.ttl", "ignore"), topic);
        topic.send(users.expiring(users.insert(List.of(1L), Map.of("email", "a")), DUE));
        settle(topic);

        assertThat(value("SELECT count(*) FROM cdc_metadata.expirations WHERE target = '" + table("users") + "'"))
                .isEqualTo("0");
        assertThat(value("SELECT bool_or(expires) FROM cdc_metadata.sink_offsets WHERE topic = '" + topic.name() + "'"))
                .isEqualTo("f");
    }

    private String count() throws Exception {
        return value("SELECT count(*) FROM " + table("users"));
    }

    /** Says that the source has come so far, as its tasks do every second. */
    private static void progress(EventTopic topic, long until) throws Exception {
        sendProgress(new ProgressRecord.Watermark(topic.name(), 0, 1, until, 0));
    }
}
