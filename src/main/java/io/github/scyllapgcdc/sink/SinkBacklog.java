package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** How many records of a topic a consumer group has not applied yet. */
public final class SinkBacklog extends ServiceSupport {
    private static final String OFFSETS = """
            SELECT kafka_partition, next_offset FROM cdc_metadata.sink_offsets WHERE consumer_group = ? AND topic = ?""";
    /** Somebody waits for the answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final KafkaAdmin admin;
    private final DataSource dataSource;

    public SinkBacklog(KafkaConfig kafka, DataSource dataSource) {
        this.admin = new KafkaAdmin(kafka, TIMEOUT);
        this.dataSource = dataSource;
    }

    /**
     * Asks both servers.
     *
     * @throws SQLException if Postgres does not answer
     * @throws ExecutionException if Kafka does not answer, or has no such topic
     */
    public long records(String group, String topic) throws SQLException, ExecutionException, InterruptedException {
        TopicDescription description = admin.get()
                .describeTopics(List.of(topic))
                .topicNameValues()
                .get(topic)
                .get();
        Map<TopicPartition, ListOffsetsResultInfo> ends = admin.get()
                .listOffsets(
                        description.partitions().stream()
                                .collect(Collectors.toMap(
                                        p -> new TopicPartition(topic, p.partition()), p -> OffsetSpec.latest())),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get();
        Map<Integer, Long> applied = applied(group, topic);
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(
                        0,
                        end.getValue().offset()
                                - applied.getOrDefault(end.getKey().partition(), 0L)))
                .sum();
    }

    /** The Kafka cluster's own id; empty while Kafka does not answer. */
    public String clusterId() {
        try {
            return admin.get().describeCluster().clusterId().get();
        } catch (ExecutionException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private Map<Integer, Long> applied(String group, String topic) throws SQLException {
        Map<Integer, Long> applied = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(OFFSETS)) {
            statement.setString(1, group);
            statement.setString(2, topic);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    applied.put(result.getInt(1), result.getLong(2));
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
