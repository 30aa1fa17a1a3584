package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.deadletter.DeadLetterHeaders;
import io.github.scyllapgcdc.deadletter.DeadLetterTopic;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.progress.ProgressRecord;
import io.github.scyllapgcdc.progress.ProgressTopic;
import io.github.scyllapgcdc.refresh.RefreshTopic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.camel.Processor;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A sink with real servers: topics of a keyspace of its own, and what arrived in Postgres. */
abstract class SinkTestSupport {
    private static final AtomicInteger KEYSPACES = new AtomicInteger();

    static StackEndpoints stack;

    final String keyspace = getClass().getSimpleName().toLowerCase(Locale.ROOT) + KEYSPACES.incrementAndGet();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    Path dir;

    @BeforeAll
    static void startStack() {
        stack = TestStack.get().endpoints();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    String table(String name) {
        return keyspace + "." + name;
    }

    EventTopic topic(String name) throws Exception {
        return topicToCome(name).create();
    }

    EventTopic topicToCome(String name) {
        EventTopic topic = new EventTopic(stack, table(name));
        opened.add(topic);
        return topic;
    }

    SinkApplication sink(EventTopic... topics) throws Exception {
        return sink(Map.of(), topics);
    }

    SinkApplication sink(Map<String, String> properties, EventTopic... topics) throws Exception {
        return sink(properties, batch -> {}, topics);
    }

    SinkApplication sink(Map<String, String> properties, Processor beforeApply, EventTopic... topics) throws Exception {
        SinkApplication application = SinkApplication.start(
                stack, dir, Arrays.stream(topics).map(EventTopic::name).toList(), properties, beforeApply);
        opened.add(application);
        return application;
    }

    /** Waits until the stored offsets have reached what the topic holds now. */
    static void settle(EventTopic topic) throws Exception {
        topic.flush();
        Map<Integer, Long> ends = new HashMap<>();
        try (Admin admin = topic.admin()) {
            Map<TopicPartition, OffsetSpec> asked =
                    admin
                            .describeTopics(List.of(topic.name()))
                            .allTopicNames()
                            .get()
                            .get(topic.name())
                            .partitions()
                            .stream()
                            .collect(Collectors.toMap(
                                    p -> new TopicPartition(topic.name(), p.partition()), p -> OffsetSpec.latest()));
            admin.listOffsets(asked).all().get().forEach((p, end) -> ends.put(p.partition(), end.offset()));
        }
        await().atMost(Duration.ofSeconds(90))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> assertThat(storedOffsets(topic.name())).isEqualTo(ends));
    }

    static Map<Integer, Long> storedOffsets(String topic) throws SQLException {
        Map<Integer, Long> offsets = new HashMap<>();
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT kafka_partition, next_offset FROM cdc_metadata.sink_offsets WHERE topic = ?")) {
            statement.setString(1, topic);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    offsets.put(result.getInt(1), result.getLong(2));
                }
            }
        }
        return offsets;
    }

    static Connection connect() throws SQLException {
        return DriverManager.getConnection(stack.postgresJdbcUrl());
    }

    static void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Rows as lists of text, null for null. */
    static List<List<String>> query(String sql) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    static String value(String sql) throws SQLException {
        return query(sql).get(0).get(0);
    }

    /** Says how far a table's source has come, as its tasks do. */
    static void sendProgress(ProgressRecord progress) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.kafkaBootstrap()))) {
            if (!admin.listTopics().names().get().contains(ProgressTopic.NAME)) {
                admin.createTopics(List.of(ProgressTopic.definition((short) 1)))
                        .all()
                        .get();
            }
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stack.kafkaBootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(ProgressTopic.NAME, 0, progress.key(), progress.value()))
                    .get();
        }
    }

    /** The requests that were made to read rows of a topic again. */
    static List<ConsumerRecord<byte[], byte[]>> refreshesOf(EventTopic topic) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        TopicPartition partition = new TopicPartition(RefreshTopic.NAME, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.kafkaBootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (topic.name().equals(new String(record.key(), StandardCharsets.UTF_8))) {
                        found.add(record);
                    }
                });
            }
        }
        return found;
    }

    /** Makes a table count each change of a row, whatever statement makes it. */
    static void audit(String table) throws SQLException {
        String schema = table.substring(0, table.indexOf('.'));
        execute(
                "CREATE TABLE " + schema + ".audit (op text, id text)",
                "CREATE FUNCTION " + schema + ".note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
                        + schema + ".audit VALUES (TG_OP, (to_jsonb(COALESCE(NEW, OLD)) ->> 'user_id')); RETURN NULL;"
                        + " END $$",
                "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON " + table + " FOR EACH ROW EXECUTE FUNCTION "
                        + schema + ".note()");
    }

    static void createUsers(String table) throws SQLException {
        execute(
                "CREATE SCHEMA " + table.substring(0, table.indexOf('.')),
                "CREATE TABLE " + table
                        + " (user_id bigint PRIMARY KEY, email text, name text, created_at timestamptz,"
                        + " updated_at timestamptz)");
    }

    /** Waits until a sink route is stopped, for these reasons. */
    static void awaitStopped(SinkApplication application, String topic, String... reasons) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(application
                                .context()
                                .getRouteController()
                                .getRouteStatus(SinkApplication.routeId(topic))
                                .isStopped())
                        .isTrue());
        assertThat(application.status(topic).up()).isFalse();
        assertThat(application.status(topic).detail()).contains(reasons);
    }

    /** The dead letters of a topic. */
    static List<ConsumerRecord<byte[], byte[]>> deadLetters(String topic) {
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.kafkaBootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(DeadLetterTopic.SINK, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> {
                    if (topic.equals(text(record, DeadLetterHeaders.TOPIC))) {
                        letters.add(record);
                    }
                });
            }
        }
        return letters;
    }

    static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** The statement that a stopped route's detail gives as its remedy. */
    static String remedy(String detail) {
        int start = detail.indexOf("UPDATE");
        return detail.substring(start, detail.indexOf('"', start));
    }
}
