package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that are gone before they were applied: noticed, said with the remedy, and never passed over in silence. */
class GapFaultIT extends SinkTestSupport {
    private EventTopic topic;
    private Events users;

    @BeforeEach
    void makeTopic() throws Exception {
        createUsers(table("users"));
        topic = topic("users");
        users = Events.users(table("users"));
    }

    @Test
    void retentionThatPassedTheStoredOffsetStopsTheTable() throws Exception {
        // Given a sink that was away for so long that records are gone
        applied(0, 300);
        send(300, 600);
        deleteRecords();
        send(600, 900);

        // When it is back
        SinkApplication application = sink(topic);

        // Then it stops and says what to do
        awaitStopped(application, topic.name(), "the topic's retention has passed them", "sink.on-gap=reload");
        assertThat(value("SELECT count(*) FROM " + table("users"))).isEqualTo("300");

        // And its remedy makes it go on with what is left
        execute(remedy(application.status(topic.name()).detail()));
        application.context().getRouteController().startRoute(SinkApplication.routeId(topic.name()));
        settle(topic);
        assertThat(value("SELECT count(*) FROM " + table("users"))).isEqualTo("600");
    }

    @Test
    void theSourceIsAskedToLoadTheTableAgain() throws Exception {
        applied(0, 300);
        send(300, 600);
        deleteRecords();
        send(600, 900);

        sink(Map.of("sink.on-gap", "reload"), topic);
        settle(topic);

        assertThat(value("SELECT count(*) FROM " + table("users")))
                .as("what is left is applied")
                .isEqualTo("600");
        List<ConsumerRecord<byte[], byte[]>> asked = refreshesOf(topic);
        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.value()).as("the whole table").isEmpty();
            assertThat(text(request, "cdc.reason")).contains("retention");
        });
    }

    @Test
    void aSinkThatBeginsLaterThanItsTopicMissesWhatIsGone() throws Exception {
        send(0, 300);
        deleteRecords();
        send(300, 600);

        SinkApplication application = sink(topic);

        awaitStopped(application, topic.name(), "offsets from 0 on are not applied");
        assertThat(value("SELECT count(*) FROM " + table("users"))).isEqualTo("0");
    }

    @Test
    void aTopicThatWasRecreatedWhileItIsReadIsNoticed() throws Exception {
        // Given a sink at work
        SinkApplication application = sink(topic);
        send(0, 30);
        settle(topic);

        // When its topic is deleted, made again and filled beyond the sink's position within a moment
        topic.delete();
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> topic.create() != null);
        send(1000, 2000);

        // Then it is not gone on with as if nothing had happened
        awaitStopped(application, topic.name(), "was recreated", "sink.on-gap=reload");
    }

    @Test
    void aPostgresThatWasRestoredFromABackupIsAppliedToFromThere() throws Exception {
        // Given a backup, and changes that were applied later
        applied(0, 300);
        String group = SinkApplication.group(topic.name());
        execute(
                "CREATE TABLE " + keyspace + ".backup AS TABLE " + table("users"),
                "CREATE TABLE " + keyspace + ".backup_offsets AS SELECT * FROM cdc_metadata.sink_offsets WHERE"
                        + " consumer_group = '" + group + "'");
        for (long i = 0; i < 600; i++) {
            topic.send(users.update(List.of(i), Map.of("name", "later")));
        }
        applied(600, 900);

        // When the backup is restored
        execute(
                "TRUNCATE " + table("users"),
                "INSERT INTO " + table("users") + " TABLE " + keyspace + ".backup",
                "DELETE FROM cdc_metadata.sink_offsets WHERE consumer_group = '" + group + "'",
                "INSERT INTO cdc_metadata.sink_offsets TABLE " + keyspace + ".backup_offsets");
        SinkApplication application = sink(topic);
        await().untilAsserted(() -> assertThat(application.status(topic.name()).detail())
                .as("it is said until all is applied")
                .contains("restored from a backup"));
        settle(topic);

        // Then all that came after it is applied again
        assertThat(query("SELECT name, count(*) FROM " + table("users") + " GROUP BY name ORDER BY name"))
                .containsExactly(List.of("later", "600"), List.of("n", "300"));
        await().untilAsserted(() ->
                assertThat(application.status(topic.name()).detail()).isEqualTo("applies 3 partitions"));
    }

    private void send(long from, long until) throws Exception {
        for (long i = from; i < until; i++) {
            topic.send(users.insert(List.of(i), Map.of("name", "n")));
        }
        topic.flush();
    }

    /** Sends rows, and lets a sink apply them that ends then. */
    private void applied(long from, long until) throws Exception {
        send(from, until);
        try (SinkApplication first = SinkApplication.start(stack, dir, List.of(topic.name()), Map.of())) {
            settle(topic);
        }
    }

    /** Everything that is in the topic by now is gone, as when its retention has passed it. */
    private void deleteRecords() throws Exception {
        try (Admin admin = topic.admin()) {
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            for (int p = 0; p < 3; p++) {
                all.put(new TopicPartition(topic.name(), p), RecordsToDelete.beforeOffset(-1)); // -1: the end
            }
            admin.deleteRecords(all).all().get();
        }
    }
}
