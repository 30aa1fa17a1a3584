package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.deadletter.DeadLetterHeaders;
import io.github.scyllapgcdc.dev.Server;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.RecordHeaders;
import io.github.scyllapgcdc.event.TableId;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What the sink does when something is wrong: nothing is lost, nothing is applied twice, and it says what it waits for. */
class PostgresSinkFaultIT extends SinkTestSupport {
    private static final Map<String, String> QUICK_RETRIES =
            Map.of("sink.retry.backoff.ms", "100", "sink.retry.backoff.max.ms", "500", "sink.batch.size", "500");

    @Test
    void poisonIsPutAsideAndTheRestApplied() throws Exception {
        // Given a table that refuses some names, and records of every bad kind among good ones
        createUsers(table("users"));
        execute("ALTER TABLE " + table("users") + " ADD CHECK (name <> 'refused')");
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        for (long i = 0; i < 1000; i++) {
            topic.send(users.insert(List.of(i), Map.of("name", i == 17 || i == 18 || i == 700 ? "refused" : "n" + i)));
        }
        topic.send(users.insert(List.of(1001L), Map.of("created_at", Long.MAX_VALUE)));
        topic.send(users.insert(List.of(1002L), Map.of("email", "a\0b")));
        byte[] garbageKey = "key".getBytes(StandardCharsets.UTF_8);
        byte[] garbage = "not an event".getBytes(StandardCharsets.UTF_8);
        topic.sendRaw(1, garbageKey, garbage);
        topic.sendRaw(1, garbageKey, new byte[] {0, 0x7f, 0, 0, 0, 1, 2});
        topic.sendRaw(1, garbageKey, null);

        // When they are applied
        SinkApplication application = sink(topic);
        settle(topic);

        // Then the good ones are there
        assertThat(value("SELECT count(*) FROM " + table("users"))).isEqualTo("997");

        // And each bad one is a dead letter that says why, and has all it had
        List<ConsumerRecord<byte[], byte[]>> letters = deadLetters(topic.name());
        assertThat(letters).hasSize(7);
        assertThat(application.status(topic.name()).figures()).containsEntry("deadLetters", 7L);
        List<ConsumerRecord<byte[], byte[]>> checked = letters.stream()
                .filter(l -> "23514".equals(text(l, DeadLetterHeaders.ERROR_SQLSTATE)))
                .toList();
        assertThat(checked).hasSize(3);
        ConsumerRecord<byte[], byte[]> letter = checked.get(0);
        assertThat(text(letter, DeadLetterHeaders.ERROR_CLASS)).isEqualTo("org.postgresql.util.PSQLException");
        assertThat(text(letter, DeadLetterHeaders.ERROR_MESSAGE)).contains("check constraint");
        assertThat(text(letter, DeadLetterHeaders.CHANGE_ID)).isEqualTo(text(letter, RecordHeaders.CHANGE_ID));
        assertThat(Instant.parse(text(letter, DeadLetterHeaders.TIME)))
                .isBetween(Instant.now().minusSeconds(300), Instant.now());
        assertThat(new String(letter.key(), StandardCharsets.UTF_8))
                .isEqualTo(text(letter, DeadLetterHeaders.TOPIC_ID) + "/" + text(letter, DeadLetterHeaders.PARTITION)
                        + "/" + text(letter, DeadLetterHeaders.OFFSET))
                .doesNotContain("unknown");
        assertThat(letters.stream()
                        .map(l -> text(l, DeadLetterHeaders.ERROR_MESSAGE))
                        .collect(Collectors.joining("\n")))
                .contains("beyond the range", "U+0000", "wire format");
        ConsumerRecord<byte[], byte[]> raw = letters.stream()
                .filter(l -> new String(l.value(), StandardCharsets.UTF_8).equals("not an event"))
                .findFirst()
                .orElseThrow();
        assertThat(raw.headers().lastHeader(DeadLetterHeaders.KEY).value()).isEqualTo(garbageKey);
    }

    @Test
    void postgresKilledInTheMiddleIsWaitedFor() throws Exception {
        // Given rows on their way, each of whose applications is counted
        createUsers(table("users"));
        audit(table("users"));
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        SinkApplication application = sink(QUICK_RETRIES, topic);
        long sent = 0;
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 10_000; i++) {
                topic.send(users.insert(List.of(sent++), Map.of("name", "n" + i, "email", "e" + i)));
            }
            topic.flush();
            long before = round * 10_000L;
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> storedOffsets(topic.name()).values().stream()
                                    .mapToLong(o -> o)
                                    .sum()
                            > before);

            // When Postgres dies on the way
            TestStack.get().server(Server.POSTGRES).kill();
            try {
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(
                                        application.status(topic.name()).detail())
                                .contains("tries again"));
            } finally {
                TestStack.get().server(Server.POSTGRES).restart();
            }
            settle(topic);
        }

        // Then every row is there, applied once
        assertThat(query("SELECT count(*), count(DISTINCT id) FROM " + keyspace + ".audit WHERE op = 'INSERT'"))
                .containsExactly(List.of("20000", "20000"));
        assertThat(query("SELECT count(*), (SELECT count(*) FROM " + keyspace + ".audit) FROM " + table("users")))
                .containsExactly(List.of("20000", "20000"));
        await().untilAsserted(
                        () -> assertThat(application.status(topic.name()).up()).isTrue());
    }

    @Test
    void whatKafkaDeliversAgainChangesNothing() throws Exception {
        // Given a table that is applied
        createUsers(table("users"));
        audit(table("users"));
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        for (long i = 0; i < 2000; i++) {
            topic.send(users.insert(List.of(i % 500), Map.of("name", "n" + i)));
        }
        try (SinkApplication first = SinkApplication.start(stack, dir, List.of(topic.name()), QUICK_RETRIES)) {
            settle(topic);
        }
        String before = value("SELECT count(*) FROM " + keyspace + ".audit");

        // When the group's offsets in Kafka are set back to the beginning
        try (Admin admin = topic.admin()) {
            admin.alterConsumerGroupOffsets(
                            SinkApplication.group(topic.name()),
                            IntStream.range(0, 3)
                                    .boxed()
                                    .collect(Collectors.toMap(
                                            p -> new TopicPartition(topic.name(), p), p -> new OffsetAndMetadata(0))))
                    .all()
                    .get();
        }
        sink(QUICK_RETRIES, topic);
        topic.send(users.insert(List.of(9999L), Map.of("name", "last")));
        settle(topic);

        // Then only the new row is applied
        assertThat(query("SELECT op, id FROM " + keyspace + ".audit OFFSET " + before))
                .containsExactly(List.of("INSERT", "9999"));
        assertThat(value("SELECT name FROM " + table("users") + " WHERE user_id = 499"))
                .isEqualTo("n1999");
    }

    @Test
    void instancesThatComeAndGoApplyEachRowOnce() throws Exception {
        // Given rows that arrive all the while
        createUsers(table("users"));
        audit(table("users"));
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        sink(QUICK_RETRIES, topic);
        long sent = 0;

        // When a second instance joins and leaves, again and again
        for (int round = 0; round < 3; round++) {
            try (SinkApplication second = SinkApplication.start(stack, dir, List.of(topic.name()), QUICK_RETRIES)) {
                for (int i = 0; i < 3000; i++) {
                    topic.send(users.insert(List.of(sent++), Map.of("name", "n")));
                }
                topic.flush();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> second.status(topic.name()) != null
                                && second.status(topic.name()).up());
                for (int i = 0; i < 3000; i++) {
                    topic.send(users.insert(List.of(sent++), Map.of("name", "n")));
                }
                topic.flush();
            }
        }
        settle(topic);

        // Then each is applied once
        assertThat(query("SELECT count(*), (SELECT count(*) FROM " + keyspace + ".audit) FROM " + table("users")))
                .containsExactly(List.of(Long.toString(sent), Long.toString(sent)));
    }

    @Test
    void deadLettersThatCannotBeWrittenHoldTheBatchBack() throws Exception {
        // Given a dead-letter route that does not work
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        SinkApplication application = sink(QUICK_RETRIES, topic);
        application.context().getRouteController().stopRoute("dead-letter");

        // When a batch has a record that must go there
        topic.send(users.insert(List.of(1L), Map.of("name", "good")));
        topic.send(users.insert(List.of(2L), Map.of("name", "b\0d")));
        topic.flush();

        // Then the batch waits, and is applied once it works again
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(application.status(topic.name()).detail()).contains("tries again"));
        application.context().getRouteController().startRoute("dead-letter");
        settle(topic);
        assertThat(deadLetters(topic.name())).isNotEmpty();
        assertThat(value("SELECT count(*) FROM " + table("users"))).isEqualTo("1");
    }

    @Test
    void topicThatDoesNotExistYetIsWaitedFor() throws Exception {
        EventTopic topic = topicToCome("users");
        SinkApplication application = sink(topic);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(application.status(topic.name()).detail())
                        .contains("waits for topic " + topic.name()));

        topic.create();
        topic.send(Events.users(table("users")).insert(List.of(1L), Map.of("name", "first")));
        settle(topic);

        assertThat(value("SELECT name FROM " + table("users"))).isEqualTo("first");
    }

    @Test
    void recreatedTopicStopsTheTable() throws Exception {
        // Given a table that is applied
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        try (SinkApplication first = SinkApplication.start(stack, dir, List.of(topic.name()), QUICK_RETRIES)) {
            topic.send(users.insert(List.of(1L), Map.of("name", "old")));
            settle(topic);
        }

        // When its topic is another one of the same name
        topic.delete();
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> topic.create() != null);
        SinkApplication application = sink(QUICK_RETRIES, topic);

        // Then the route stops and says what to do
        awaitStopped(application, topic.name(), "was recreated", "sink.on-gap=reload");

        // And after its remedy was run it reads the new one
        execute(remedy(application.status(topic.name()).detail()));
        application.context().getRouteController().startRoute(SinkApplication.routeId(topic.name()));
        topic.send(users.insert(List.of(2L), Map.of("name", "new")));
        settle(topic);
        assertThat(value("SELECT count(*) FROM " + table("users"))).isEqualTo("2");
    }

    @Test
    void columnOfAnotherTypeStopsTheTable() throws Exception {
        createUsers(table("users"));
        execute("ALTER TABLE " + table("users") + " ALTER name TYPE integer USING 0");
        EventTopic topic = topic("users");
        topic.send(Events.users(table("users")).insert(List.of(1L), Map.of("name", "n")));

        SinkApplication application = sink(QUICK_RETRIES, topic);

        awaitStopped(application, topic.name(), "column \"name\"", "is integer and events carry text");
        assertThat(storedOffsets(topic.name()).values())
                .as("nothing is passed over")
                .containsOnly(0L);
    }

    @Test
    void retriesMayBeBounded() throws Exception {
        createUsers(table("users"));
        EventTopic topic = topic("users");
        SinkApplication application = sink(Map.of("sink.retry.backoff.ms", "50", "sink.max.retries", "3"), topic);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> application.status(topic.name()) != null
                        && application.status(topic.name()).up());
        // Stands for a database that became a standby: each statement is refused
        execute(
                "CREATE FUNCTION " + keyspace + ".refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE"
                        + " read_only_sql_transaction; END $$",
                "CREATE TRIGGER refuse BEFORE INSERT ON " + table("users") + " FOR EACH ROW EXECUTE FUNCTION "
                        + keyspace + ".refuse()");
        topic.send(Events.users(table("users")).insert(List.of(1L), Map.of("name", "n")));
        topic.flush();

        awaitStopped(application, topic.name(), "gave up after sink.max.retries=3");
    }

    @Test
    void evolutionCarriesOnWithinATopic() throws Exception {
        // Given events of a schema, then of one with a column more, then of the first again
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        List<EventColumn> more = new ArrayList<>(users.schema().keyColumns());
        more.addAll(users.schema().valueColumns());
        more.add(Events.column("Phone \"no\"", Kind.REGULAR, Events.plain(Schema.Type.STRING)));
        Events wider = new Events(EventSchema.of(TableId.parse(table("users")), more));
        for (long i = 0; i < 100; i++) {
            topic.send(users.insert(List.of(i), Map.of("name", "n")));
            topic.send(wider.update(List.of(i), Map.of("Phone \"no\"", "p" + i)));
            topic.send(users.update(List.of(i), Map.of("email", "e")));
        }

        sink(topic);
        settle(topic);

        assertThat(query("SELECT count(*), count(\"Phone \"\"no\"\"\"), count(email) FROM " + table("users")))
                .containsExactly(List.of("100", "100", "100"));
    }
}
