package io.github.scyllapgcdc.sink;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * What this process knows of the partitions it was given: the topic's id at the time, and the batch that is under way.
 *
 * <p>A batch that was begun and did not end well must be the next one, or come again after a new assignment (which seeks).
 * Should a consumer go on behind it instead, the change in between would be lost; that is refused here.
 */
final class Assignments {
    private record GroupTopic(String group, String topic) {}

    private record GroupPartition(String group, TopicPartition partition) {}

    private final Map<GroupTopic, UUID> topicIds = new ConcurrentHashMap<>();
    private final Map<GroupPartition, Long> begun = new ConcurrentHashMap<>();
    private final Map<String, Integer> deadLettersInARow = new ConcurrentHashMap<>();
    /** Each with the consumer that has it: one that was given up on may say later that it has it no longer. */
    private final Map<GroupPartition, Object> held = new ConcurrentHashMap<>();
    /** Topics that are not what they were when their partitions were assigned, and what is known of it. */
    private final Map<GroupTopic, String> stale = new ConcurrentHashMap<>();

    /** A consumer was given a partition and sought its stored offset. */
    void assigned(String group, TopicPartition partition, Optional<UUID> topicId, Object consumer) {
        begun.remove(new GroupPartition(group, partition));
        deadLettersInARow.remove(group);
        held.put(new GroupPartition(group, partition), consumer);
        GroupTopic topic = new GroupTopic(group, partition.topic());
        stale.remove(topic);
        topicId.ifPresentOrElse(id -> topicIds.put(topic, id), () -> topicIds.remove(topic));
    }

    /** A consumer has partitions no longer. */
    void revoked(String group, Collection<TopicPartition> partitions, Object consumer) {
        partitions.forEach(partition -> held.remove(new GroupPartition(group, partition), consumer));
    }

    /** The partitions that consumers of this process have at the moment, by group. */
    Map<String, List<TopicPartition>> held() {
        return held.keySet().stream()
                .collect(Collectors.groupingBy(
                        GroupPartition::group, Collectors.mapping(GroupPartition::partition, Collectors.toList())));
    }

    /** A topic turned out to be another one than was assigned: no batch of it is begun before it is assigned anew. */
    void stale(String group, String topic, String what) {
        stale.put(new GroupTopic(group, topic), what);
    }

    /** How many records at the end of what is applied are dead letters, since the group's last assignment. */
    int deadLettersInARow(String group) {
        return deadLettersInARow.getOrDefault(group, 0);
    }

    /** The topic's id when its partitions were assigned, if Kafka told. */
    Optional<UUID> topicId(String group, String topic) {
        return Optional.ofNullable(topicIds.get(new GroupTopic(group, topic)));
    }

    /**
     * A batch is about to be applied, perhaps again.
     *
     * @throws ResumeException if an earlier batch is not done
     */
    void begin(Batch batch) {
        batch.firstOffsets().forEach((partition, first) -> {
            String changed = stale.get(new GroupTopic(batch.group(), partition.topic()));
            if (changed != null) {
                throw new ResumeException(changed);
            }
            Long undone = begun.putIfAbsent(new GroupPartition(batch.group(), partition), first);
            if (undone != null && first > undone) {
                throw new ResumeException("partition " + partition + " of group " + batch.group()
                        + " went on at offset " + first + " although " + undone + " is not applied");
            }
        });
    }

    /** A batch is applied and committed. */
    void done(String group, Collection<TopicPartition> partitions, int lastDeadLettersInARow) {
        deadLettersInARow.put(group, lastDeadLettersInARow);
        partitions.forEach(partition -> begun.remove(new GroupPartition(group, partition)));
    }
}
