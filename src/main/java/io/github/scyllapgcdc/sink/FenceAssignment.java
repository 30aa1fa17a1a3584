package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.sink.Fence.Position;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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
    private final GapPolicy policy;

    FenceAssignment(DataSource dataSource, KafkaAdmin admin, Assignments assignments, GapPolicy policy) {
        this.dataSource = dataSource;
        this.admin = admin;
        this.assignments = assignments;
        this.policy = policy;
    }

    /**
     * Seeks assigned partitions; where nothing is stored, to offset 0, which is stored first.
     *
     * @return what a person should know about it
     * @throws TableStoppedException if the stored offsets are not the topic's, and the policy is to stop then
     */
    Optional<String> seek(Consumer<?, ?> consumer, String group, Collection<TopicPartition> partitions)
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
        List<Gap> gaps = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            check(group, partition, stored.get(partition), present.get(partition), ends.get(partition))
                    .ifPresent(gaps::add);
        }
        if (!gaps.isEmpty()) {
            policy.handle(gaps);
            stored = restart(group, gaps, stored);
            consumer.commitSync(gaps.stream() // or Kafka's offsets would say that Postgres was set back
                    .collect(Collectors.toMap(
                            Gap::partition,
                            gap -> new OffsetAndMetadata(gap.beginning().nextOffset()))));
        }
        Optional<String> noticed = gaps.isEmpty()
                ? restored(consumer.committed(Set.copyOf(partitions)), stored)
                : Optional.of("the source was asked to load the table again: "
                        + gaps.get(0).what());
        noticed.ifPresent(what -> LOG.warn("Noticed: group={} what=\"{}\"", group, what));
        for (TopicPartition partition : partitions) {
            long offset = stored.get(partition).nextOffset();
            consumer.seek(partition, offset);
            assignments.assigned(
                    group, partition, Optional.ofNullable(present.get(partition).topicId()), consumer);
            LOG.info("Reading from stored offset: group={} partition={} offset={}", group, partition, offset);
        }
        return noticed;
    }

    /** Sets the partitions with a gap to the beginning of what there is. */
    private Map<TopicPartition, Position> restart(String group, List<Gap> gaps, Map<TopicPartition, Position> stored)
            throws SQLException {
        Map<TopicPartition, Position> now = new HashMap<>(stored);
        inTransaction(connection -> {
            for (Gap gap : gaps) {
                Fence.restart(connection, group, gap.partition(), gap.beginning());
                now.put(gap.partition(), gap.beginning());
            }
            return null;
        });
        return now;
    }

    /** Kafka never has more than Postgres, unless Postgres was set back, or somebody set Kafka's offsets. */
    private static Optional<String> restored(
            Map<TopicPartition, OffsetAndMetadata> committed, Map<TopicPartition, Position> stored) {
        return committed.entrySet().stream()
                .filter(entry -> entry.getValue() != null
                        && entry.getValue().offset()
                                > stored.get(entry.getKey()).nextOffset())
                .map(entry ->
                        "Postgres was restored from a backup, or somebody set the group's offsets in Kafka, which count"
                                + " for nothing: applying again from offset "
                                + stored.get(entry.getKey()).nextOffset() + " of partition " + entry.getKey()
                                + ", Kafka has "
                                + entry.getValue().offset())
                .findFirst();
    }

    /** Partitions are not this consumer's any more. */
    void revoked(Consumer<?, ?> consumer, String group, Collection<TopicPartition> partitions) {
        assignments.revoked(group, partitions, consumer);
    }

    /** What is stored, after what was missing is. */
    private Map<TopicPartition, Position> store(String group, Map<TopicPartition, Position> present)
            throws SQLException {
        return inTransaction(connection -> {
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
                UUID topicId = entry.getValue().topicId();
                if (stored.get(entry.getKey()).topicId() == null && topicId != null) {
                    Fence.adoptTopicId(connection, group, entry.getKey().topic(), topicId);
                }
            }
            return stored;
        });
    }

    private <T> T inTransaction(Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return Transactions.run(connection, () -> work.run(connection));
        }
    }

    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * Whether the stored offset still means what it meant.
     *
     * @return what is gone, if changes are
     * @throws TableStoppedException if the topic cannot be gone on with at all
     */
    private static Optional<Gap> check(
            String group, TopicPartition partition, Position stored, Position now, long end) {
        if (stored.topicId() != null
                && now.topicId() != null
                && !stored.topicId().equals(now.topicId())) {
            return Optional.of(new Gap(
                    group,
                    partition,
                    now,
                    "topic " + partition.topic() + " was recreated: offsets are stored for topic id " + stored.topicId()
                            + " and it is " + now.topicId() + " now, so changes may be missing"));
        }
        if (stored.partitionCount() != now.partitionCount()) {
            throw new TableStoppedException("topic " + partition.topic() + " has " + now.partitionCount()
                    + " partitions and had " + stored.partitionCount()
                    + ", so changes of one key are in two partitions,"
                    + " in no order; delete the topic, let its source load the table again (onLoss=RELOAD), and start the"
                    + " route again");
        }
        if (stored.nextOffset() < now.nextOffset()) {
            return Optional.of(new Gap(
                    group,
                    partition,
                    now,
                    "partition " + partition + " begins at offset " + now.nextOffset() + " and offsets from "
                            + stored.nextOffset() + " on are not applied: the topic's retention has passed them"));
        }
        if (stored.nextOffset() > end) {
            return Optional.of(new Gap(
                    group,
                    partition,
                    now,
                    "partition " + partition + " ends at offset " + end + " and is applied up to " + stored.nextOffset()
                            + ", so Kafka has lost records"));
        }
        return Optional.empty();
    }

    /** A topic's id; brokers too old to have one give zero. */
    private static Optional<UUID> id(TopicDescription topic) {
        Uuid id = topic.topicId();
        return id == null || id.equals(Uuid.ZERO_UUID)
                ? Optional.empty()
                : Optional.of(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()));
    }
}
