package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.sink.Fence.Position;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a consumer to the stored offsets of its partitions. This is what prevents loss: whatever Kafka has as the group's
 * offset, or a consumer as its position, reading goes on behind what is applied. Offsets that mean something else than when
 * they were stored stop the table.
 */
final class FenceAssignment {
    private static final Logger LOG = LoggerFactory.getLogger(FenceAssignment.class);

    private final DataSource dataSource;
    private final KafkaAdmin admin;
    private final Assignments assignments;

    FenceAssignment(DataSource dataSource, KafkaAdmin admin, Assignments assignments) {
        this.dataSource = dataSource;
        this.admin = admin;
        this.assignments = assignments;
    }

    /**
     * Seeks assigned partitions; where nothing is stored, to the beginning, which is stored first.
     *
     * @throws TableStoppedException if the stored offsets are not the topic's
     */
    void seek(Consumer<?, ?> consumer, String group, Collection<TopicPartition> partitions)
            throws SQLException, ExecutionException, InterruptedException {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        Map<String, TopicDescription> descriptions =
                admin.get().describeTopics(topics).allTopicNames().get();
        Map<TopicPartition, Position> present = new HashMap<>();
        for (TopicPartition partition : partitions) {
            TopicDescription topic = descriptions.get(partition.topic());
            present.put(
                    partition,
                    new Position(id(topic).orElse(null), topic.partitions().size(), beginnings.get(partition), false));
        }
        Map<TopicPartition, Position> stored = store(group, present);
        for (TopicPartition partition : partitions) {
            check(group, partition, stored.get(partition), present.get(partition), ends.get(partition));
        }
        for (TopicPartition partition : partitions) {
            long offset = stored.get(partition).nextOffset();
            consumer.seek(partition, offset);
            assignments.assigned(
                    group, partition, Optional.ofNullable(present.get(partition).topicId()));
            LOG.info("Reading from stored offset: group={} partition={} offset={}", group, partition, offset);
        }
    }

    /** What is stored, after what was missing is. */
    private Map<TopicPartition, Position> store(String group, Map<TopicPartition, Position> present)
            throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                MetadataSchema.create(connection);
                Map<TopicPartition, Position> stored = Fence.lock(connection, group, present.keySet());
                if (!stored.keySet().containsAll(present.keySet())) {
                    for (Map.Entry<TopicPartition, Position> entry : present.entrySet()) {
                        if (!stored.containsKey(entry.getKey())) {
                            Fence.create(connection, group, entry.getKey(), entry.getValue());
                        }
                    }
                    stored = Fence.lock(connection, group, present.keySet());
                }
                for (Map.Entry<TopicPartition, Position> entry : present.entrySet()) {
                    if (stored.get(entry.getKey()).topicId() == null
                            && entry.getValue().topicId() != null) {
                        Fence.adoptTopicId(
                                connection,
                                group,
                                entry.getKey().topic(),
                                entry.getValue().topicId());
                    }
                }
                connection.commit();
                return stored;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static void check(String group, TopicPartition partition, Position stored, Position present, long end) {
        String remedy = "; reload the table, or to read the topic from its beginning run \"DELETE FROM"
                + " cdc_metadata.sink_offsets WHERE consumer_group = '" + group + "' AND topic = '"
                + partition.topic() + "'\", and start the route again";
        if (stored.topicId() != null
                && present.topicId() != null
                && !stored.topicId().equals(present.topicId())) {
            throw new TableStoppedException(
                    "topic " + partition.topic() + " was recreated: offsets are stored for topic id "
                            + stored.topicId() + " and it is " + present.topicId() + " now, so changes may be missing"
                            + remedy);
        }
        if (stored.partitionCount() != present.partitionCount()) {
            throw new TableStoppedException("topic " + partition.topic() + " has " + present.partitionCount()
                    + " partitions and had " + stored.partitionCount()
                    + ", so changes of one key are in two partitions, in no order" + remedy);
        }
        if (stored.nextOffset() < present.nextOffset()) {
            throw new TableStoppedException("partition " + partition + " begins at offset " + present.nextOffset()
                    + " and offsets from " + stored.nextOffset()
                    + " on are not applied: the topic's retention has passed them" + remedy);
        }
        if (stored.nextOffset() > end) {
            throw new TableStoppedException("partition " + partition + " ends at offset " + end
                    + " and is applied up to " + stored.nextOffset() + ", so Kafka has lost records" + remedy);
        }
    }

    /** A topic's id; brokers too old to have one give zero. */
    private static Optional<UUID> id(TopicDescription topic) {
        Uuid id = topic.topicId();
        return id == null || id.equals(Uuid.ZERO_UUID)
                ? Optional.empty()
                : Optional.of(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()));
    }
}
