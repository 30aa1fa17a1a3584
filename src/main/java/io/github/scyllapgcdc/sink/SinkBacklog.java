package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** How many records of a topic a consumer group has not applied yet. */
public final class SinkBacklog extends ServiceSupport {
    private static final String OFFSETS =
            "SELECT consumer_group, topic, kafka_partition, next_offset FROM cdc_metadata.sink_offsets";
    /** Somebody waits for the answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final KafkaAdmin admin;
    private final DataSource dataSource;

    public SinkBacklog(KafkaConfig kafka, DataSource dataSource) {
        this.admin = new KafkaAdmin(kafka, TIMEOUT);
        this.dataSource = dataSource;
    }

    /** Who reads what. */
    public record Reader(String group, String topic) {}

    /**
     * Asks both servers, once for all.
     *
     * @param readers by any name
     * @return by the same names; of topics that are there
     * @throws SQLException if Postgres does not answer
     * @throws ExecutionException if Kafka does not answer
     */
    public Map<String, Long> records(Map<String, Reader> readers)
            throws SQLException, ExecutionException, InterruptedException {
        if (readers.isEmpty()) {
            return Map.of();
        }
        Map<String, Map<TopicPartition, Long>> ends =
                ends(readers.values().stream().map(Reader::topic).collect(Collectors.toSet()));
        Map<Reader, Map<Integer, Long>> applied = applied();
        Map<String, Long> records = new HashMap<>();
        readers.forEach((name, reader) -> {
            Map<Integer, Long> offsets = applied.getOrDefault(reader, Map.of());
            if (ends.containsKey(reader.topic())) {
                records.put(
                        name,
                        ends.get(reader.topic()).entrySet().stream()
                                .mapToLong(end -> Math.max(
                                        0,
                                        end.getValue()
                                                - offsets.getOrDefault(
                                                        end.getKey().partition(), 0L)))
                                .sum());
            }
        });
        return records;
    }

    private Map<String, Map<TopicPartition, Long>> ends(Set<String> topics)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (KafkaFuture<TopicDescription> answer :
                admin.get().describeTopics(topics).topicNameValues().values()) {
            try {
                TopicDescription topic = answer.get();
                topic.partitions()
                        .forEach(p -> asked.put(new TopicPartition(topic.name(), p.partition()), OffsetSpec.latest()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) { // its source has not made it yet
                    throw e;
                }
            }
        }
        Map<String, Map<TopicPartition, Long>> ends = new HashMap<>();
        admin.get()
                .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get()
                .forEach((partition, end) -> ends.computeIfAbsent(partition.topic(), topic -> new HashMap<>())
                        .put(partition, end.offset()));
        return ends;
    }

    /** The Kafka cluster's own id; empty while Kafka does not answer. */
    public String clusterId() {
        try {
            return admin.get().describeCluster().clusterId().get();
        } catch (ExecutionException | KafkaException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private Map<Reader, Map<Integer, Long>> applied() throws SQLException {
        Map<Reader, Map<Integer, Long>> applied = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(Math.toIntExact(TIMEOUT.toSeconds()));
            try (ResultSet result = statement.executeQuery(OFFSETS)) {
                while (result.next()) {
                    applied.computeIfAbsent(
                                    new Reader(result.getString(1), result.getString(2)), reader -> new HashMap<>())
                            .put(result.getInt(3), result.getLong(4));
                }
            }
        }
        return applied;
    }

    @Override
    protected void doStop() {
        admin.stop();
    }
}
