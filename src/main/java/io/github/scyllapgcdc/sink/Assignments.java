package io.github.scyllapgcdc.sink;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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

    /** A consumer was given a partition and sought its stored offset. */
    void assigned(String group, TopicPartition partition, Optional<UUID> topicId) {
        begun.remove(new GroupPartition(group, partition));
        GroupTopic topic = new GroupTopic(group, partition.topic());
        topicId.ifPresentOrElse(id -> topicIds.put(topic, id), () -> topicIds.remove(topic));
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
            Long undone = begun.putIfAbsent(new GroupPartition(batch.group(), partition), first);
            if (undone != null && first > undone) {
                throw new ResumeException("partition " + partition + " of group " + batch.group()
                        + " went on at offset " + first + " although " + undone + " is not applied");
            }
        });
    }

    /** A batch is applied and committed. */
    void done(String group, Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> begun.remove(new GroupPartition(group, partition)));
    }
}
