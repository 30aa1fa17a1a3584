package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * How far the sink routes of this process are behind, and whether their topics still are what they were: a consumer that goes on
 * at its offset in a topic that was made again would pass over what the new one began with. Belongs to one thread at a time.
 */
final class SinkLag implements AutoCloseable {
    private static final String OFFSETS = """
            SELECT topic, kafka_partition, next_offset FROM cdc_metadata.sink_offsets WHERE consumer_group = ?""";

    private final KafkaConfig kafka;
    private final KafkaAdmin admin;
    private final Assignments assignments;
    private final SinkRoutes routes;
    private Set<Stretch> open = new HashSet<>();
    private CaughtUp caughtUp;

    /** What is between what a group has applied and the end of a partition. */
    private record Stretch(String group, TopicPartition partition, long next, long end) {}

    SinkLag(KafkaConfig kafka, KafkaAdmin admin, Assignments assignments, SinkRoutes routes) {
        this.kafka = kafka;
        this.admin = admin;
        this.assignments = assignments;
        this.routes = routes;
    }

    /** Looks at everything that consumers of this process have now, and tells their routes' statuses. */
    void look(Connection connection) throws SQLException, ExecutionException, InterruptedException {
        Map<String, List<TopicPartition>> held = assignments.held();
        if (held.isEmpty()) {
            return;
        }
        checkTopics(held);
        Map<TopicPartition, Long> ends =
                ends(held.values().stream().flatMap(List::stream).toList());
        Set<Stretch> before = open;
        open = new HashSet<>();
        for (Map.Entry<String, List<TopicPartition>> group : held.entrySet()) {
            Map<TopicPartition, Long> stored = stored(connection, group.getKey());
            List<Stretch> stretches = group.getValue().stream()
                    .filter(ends::containsKey)
                    .map(p -> new Stretch(group.getKey(), p, stored.getOrDefault(p, 0L), ends.get(p)))
                    .toList();
            long behind = behind(connection, stretches, before);
            routes.ofGroup(group.getKey())
                    .ifPresent(route -> routes.status(route.getRouteId()).lag(behind));
        }
    }

    /** Behind the last record there may be marks of transactions alone: what has not moved since the last look is looked into. */
    private long behind(Connection connection, List<Stretch> stretches, Set<Stretch> before) throws SQLException {
        long behind = 0;
        for (Stretch stretch : stretches) {
            if (before.contains(stretch) && marksOnly(stretch)) {
                Fence.pass(connection, stretch.group(), stretch.partition(), stretch.next(), stretch.end());
            } else if (stretch.next() < stretch.end()) {
                open.add(stretch);
                behind += stretch.end() - stretch.next();
            }
        }
        return behind;
    }

    private boolean marksOnly(Stretch stretch) {
        if (caughtUp == null) {
            caughtUp = new CaughtUp(kafka);
        }
        return caughtUp.reached(
                Map.of(stretch.partition(), stretch.end()), Map.of(stretch.partition(), stretch.next()));
    }

    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        var asked = admin.get()
                .listOffsets(
                        partitions.stream().distinct().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition partition : partitions) {
            ifThere(asked.partitionResult(partition))
                    .map(ListOffsetsResultInfo::offset)
                    .ifPresent(end -> ends.put(partition, end));
        }
        return ends;
    }

    private static Map<TopicPartition, Long> stored(Connection connection, String group) throws SQLException {
        Map<TopicPartition, Long> stored = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(OFFSETS)) {
            statement.setString(1, group);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    stored.put(new TopicPartition(result.getString(1), result.getInt(2)), result.getLong(3));
                }
            }
        }
        return stored;
    }

    private void checkTopics(Map<String, List<TopicPartition>> held) throws ExecutionException, InterruptedException {
        Map<String, KafkaFuture<TopicDescription>> descriptions = admin.get()
                .describeTopics(held.values().stream()
                        .flatMap(List::stream)
                        .map(TopicPartition::topic)
                        .distinct()
                        .toList())
                .topicNameValues();
        for (Map.Entry<String, List<TopicPartition>> group : held.entrySet()) {
            for (String topic : group.getValue().stream()
                    .map(TopicPartition::topic)
                    .distinct()
                    .toList()) {
                Optional<UUID> assigned = assignments.topicId(group.getKey(), topic);
                Optional<UUID> now = ifThere(descriptions.get(topic))
                        .map(TopicDescription::topicId)
                        .map(SinkLag::uuid);
                if (assigned.isPresent() && !assigned.equals(now)) {
                    assignments.stale(
                            group.getKey(),
                            topic,
                            "topic " + topic + (now.isPresent() ? " was recreated" : " is gone")
                                    + ", its partitions were" + " assigned when its id was " + assigned.get());
                }
            }
        }
    }

    private static UUID uuid(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private static <T> Optional<T> ifThere(KafkaFuture<T> answer) throws ExecutionException, InterruptedException {
        try {
            return Optional.of(answer.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        if (caughtUp != null) {
            caughtUp.close();
            caughtUp = null;
        }
    }
}
