package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.deadletter.DeadLetterRequests;
import io.github.scyllapgcdc.deadletter.DeadLetterTopic;
import io.github.scyllapgcdc.deadletter.LetterQuery;
import io.github.scyllapgcdc.event.Range;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** Dead-lettered records applied once more as they are, and when that is refused. */
class RawReplayIT extends SinkTestSupport {
    private static final String CHECK = "CONSTRAINT name_check CHECK (name <> 'refused')";

    @Test
    void aRecordIsAppliedUnlessALaterOneConcernsItsRow() throws Exception {
        // Given rows that a constraint refused; of some there is newer data
        createUsers(table("users"));
        execute("ALTER TABLE " + table("users") + " ADD " + CHECK);
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        topic.send(users.insert(List.of(1L), Map.of("name", "refused", "email", "1@example.com")));
        topic.send(users.insert(List.of(2L), Map.of("name", "refused", "email", "2@example.com")));
        topic.send(users.insert(List.of(3L), Map.of("name", "refused")));
        DeadLetterRequests letters = requests(sink(topic));
        settle(topic); // in one batch they would be one change with what follows
        topic.send(users.update(List.of(2L), Map.of("name", "newer")));
        topic.send(users.delete(List.of(3L)));
        settle(topic);
        assertThat(list(letters, "users", Map.of())).hasSize(3);
        Map<Integer, Long> offsets = storedOffsets(topic.name());

        // When they are replayed while the constraint is there
        Map<String, Object> report = letters.replay(of("users"), false, true);
        // Then none is applied, and each says why
        assertThat(report).containsEntry("replayed", 0).containsEntry("failed", 3);
        assertThat(report.get("failures").toString())
                .contains("PostgreSQL still refuses it")
                .contains("SQLSTATE 23514");
        assertThat(list(letters, "users", Map.of("state", "pending"))).hasSize(3);

        // When the constraint is gone
        execute("ALTER TABLE " + table("users") + " DROP CONSTRAINT name_check");
        report = letters.replay(of("users"), false, true);
        // Then the one whose row nothing newer is known of is applied, and the fence is where it was
        assertThat(report).containsEntry("replayed", 1).containsEntry("failed", 2);
        assertThat(report.get("failures").toString()).contains("a later record concerns the same row, " + topic.name());
        assertThat(query("SELECT user_id, name, email FROM " + table("users") + " ORDER BY 1"))
                .containsExactly(Arrays.asList("1", "refused", "1@example.com"), Arrays.asList("2", "newer", null));
        assertThat(storedOffsets(topic.name())).isEqualTo(offsets);
        List<Map<String, Object>> replayed = list(letters, "users", Map.of("state", "replayed"));
        assertThat(replayed).hasSize(1);
        assertThat(replayed.get(0)).containsEntry("replayedHow", "raw");

        // And later changes go on as ever
        topic.send(users.update(List.of(1L), Map.of("name", "later")));
        settle(topic);
        assertThat(value("SELECT name FROM " + table("users") + " WHERE user_id = 1"))
                .isEqualTo("later");
    }

    @Test
    void otherRowsOfThePartitionAreNoObstacleButItsDeleteIs() throws Exception {
        // Given two rows refused, in partitions of which another row, and a range, changed since
        execute(
                "CREATE SCHEMA " + keyspace,
                "CREATE TABLE " + table("readings") + " (sensor text, at integer, value double precision, note text,"
                        + " PRIMARY KEY (sensor, at), CONSTRAINT note_check CHECK (note <> 'refused'))");
        EventTopic topic = topic("readings");
        Events readings = Events.readings(table("readings"));
        topic.send(readings.insert(List.of("quiet", 1), Map.of("note", "refused")));
        topic.send(readings.insert(List.of("quiet", 2), Map.of("note", "fine")));
        topic.send(readings.insert(List.of("cleared", 1), Map.of("note", "refused")));
        DeadLetterRequests letters = requests(sink(topic));
        settle(topic);
        topic.send(readings.delete(List.of("cleared"), new Range(new Range.Bound(new Object[] {1}, true), null)));
        settle(topic);
        execute("ALTER TABLE " + table("readings") + " DROP CONSTRAINT note_check");

        // When both are replayed
        Map<String, Object> report = letters.replay(of("readings"), false, true);

        // Then one is applied
        assertThat(report).containsEntry("replayed", 1).containsEntry("failed", 1);
        assertThat(query("SELECT sensor, at FROM " + table("readings") + " ORDER BY 1, 2"))
                .containsExactly(List.of("quiet", "1"), List.of("quiet", "2"));
    }

    @Test
    void whatIsNoLongerKnownIsRefused() throws Exception {
        // Given a refused record, and records behind it that retention has taken
        createUsers(table("users"));
        execute("ALTER TABLE " + table("users") + " ADD " + CHECK);
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        topic.send(users.insert(List.of(1L), Map.of("name", "refused")));
        topic.send(users.insert(List.of(1L), Map.of("email", "behind@example.com")));
        topic.send(users.insert(List.of(1L), Map.of("email", "last@example.com")));
        SinkApplication sink = sink(topic);
        DeadLetterRequests letters = requests(sink);
        settle(topic);
        execute("ALTER TABLE " + table("users") + " DROP CONSTRAINT name_check");
        int partition = storedOffsets(topic.name()).entrySet().stream()
                .filter(stored -> stored.getValue() > 0)
                .findFirst()
                .orElseThrow()
                .getKey();
        try (Admin admin = topic.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(topic.name(), partition), RecordsToDelete.beforeOffset(3)))
                    .all()
                    .get();

            // When it is replayed, Then it is refused
            assertThat(letters.replay(of("users"), false, true).get("failures").toString())
                    .contains("the topic no longer has all records behind " + topic.name() + "-" + partition + "@0");

            // And so it is once the topic is another one
            sink.context().getRouteController().stopRoute(SinkApplication.routeId(topic.name()));
            topic.delete();
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(ExecutionException.class)
                    .untilAsserted(topic::create);
            assertThat(letters.replay(of("users"), false, true).get("failures").toString())
                    .contains("was recreated since");
        }
        assertThat(value("SELECT name FROM " + table("users"))).isNull();
    }

    @Test
    void aTimeToLiveIsKept() throws Exception {
        createUsers(table("users"));
        execute("ALTER TABLE " + table("users") + " ADD " + CHECK);
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        topic.send(users.expiring(users.insert(List.of(1L), Map.of("name", "refused")), 4_102_444_800_000L));
        DeadLetterRequests letters = requests(sink(topic));
        settle(topic);
        execute("ALTER TABLE " + table("users") + " DROP CONSTRAINT name_check");

        assertThat(letters.replay(of("users"), false, true)).containsEntry("replayed", 1);

        assertThat(value("SELECT count(*) FROM cdc_metadata.expirations WHERE target = '" + target("users") + "'"))
                .isEqualTo("1");
        assertThat(value("SELECT bool_or(expires)::text FROM cdc_metadata.sink_offsets WHERE topic = '" + topic.name()
                        + "'"))
                .isEqualTo("true");
    }

    @Test
    void aLetterMayBeLargerThanItsRecord() throws Exception {
        // Given a record as large as a producer sends by default
        EventTopic topic = topic("users");
        byte[] largest = new byte[1024 * 1024 - 100];
        topic.sendRaw(0, new byte[] {1}, largest);
        DeadLetterRequests letters = requests(sink(topic));

        // When it cannot be applied, Then it is a letter, and does not hold up the table
        settle(topic);
        assertThat(list(letters, "users", Map.of()))
                .hasSize(1)
                .first()
                .satisfies(letter -> assertThat(letter).containsEntry("bytes", largest.length));
        String id = list(letters, "users", Map.of()).get(0).get("id").toString();
        assertThat(letters.show(id).orElseThrow()).containsKey("undecodable");

        // And its row cannot be asked for, which is said; it stays as it is
        Map<String, Object> report = letters.replay(of("users"), false, false);
        assertThat(report).containsEntry("replayed", 0).containsEntry("failed", 1);
        assertThat(report.get("failures").toString())
                .contains("its row cannot be asked for: the record's key is not in the Confluent wire format");
        assertThat(list(letters, "users", Map.of("state", "pending"))).hasSize(1);

        // And it can be purged
        assertThat(letters.purge(of("users"))).containsEntry("purged", 1);
        assertThat(list(letters, "users", Map.of())).isEmpty();
        assertThat(letters.show(id)).isEmpty();
    }

    @Test
    void aTopicThatRemovesByAgeIsMadeToKeepByKey() throws Exception {
        String name = table("letters");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.kafkaBootstrap()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(Map.of("cleanup.policy", "delete"))))
                    .all()
                    .get();

            DeadLetterTopic.ensure(admin, name, (short) 1);

            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(
                                    admin
                                            .describeConfigs(List.of(resource))
                                            .all()
                                            .get()
                                            .get(resource)
                                            .entries()
                                            .stream()
                                            .collect(Collectors.toMap(e -> e.name(), e -> e.value())))
                            .containsEntry("cleanup.policy", "compact")
                            .containsEntry("max.compaction.lag.ms", "86400000"));
        }
    }

    private static DeadLetterRequests requests(SinkApplication sink) {
        return sink.context().hasService(DeadLetterRequests.class);
    }

    private LetterQuery of(String table) {
        return LetterQuery.of(Map.of("table", table(table)));
    }

    private String target(String table) throws Exception {
        return value("SELECT target FROM cdc_metadata.replicated_tables WHERE topic = '" + table(table) + "'");
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> list(DeadLetterRequests letters, String table, Map<String, String> more) {
        Map<String, String> given = new HashMap<>(more);
        given.put("table", table(table));
        Map<String, Object> answer = letters.list(LetterQuery.of(given));
        List<Map<String, Object>> lines = (List<Map<String, Object>>) answer.get("letters");
        assertThat(answer).containsEntry("total", lines.size());
        return lines;
    }
}
