package io.github.scyllapgcdc.sink;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/**
 * The stored offsets. A partition's row says up to which offset it is applied; who applies a batch holds the row's lock from
 * before the first change to the commit, and moves the offset in the same transaction.
 */
final class Fence {
    /** In partition order, or two instances with the same partitions of a rebalance could lock each other out. */
    private static final String LOCK = """
            SELECT o.topic, o.kafka_partition, o.topic_id, o.partition_count, o.next_offset, o.expires
            FROM cdc_metadata.sink_offsets AS o
            JOIN unnest(?::text[], ?::int4[]) AS p (topic, kafka_partition) USING (topic, kafka_partition)
            WHERE o.consumer_group = ?
            ORDER BY o.topic, o.kafka_partition
            FOR UPDATE OF o""";

    private static final String CREATE = """
            INSERT INTO cdc_metadata.sink_offsets
                (consumer_group, topic, kafka_partition, topic_id, partition_count, next_offset)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING""";

    private static final String ADOPT_TOPIC_ID = """
            UPDATE cdc_metadata.sink_offsets SET topic_id = ?
            WHERE consumer_group = ? AND topic = ? AND topic_id IS NULL""";

    private static final String ADVANCE = """
            UPDATE cdc_metadata.sink_offsets AS o
            SET next_offset = p.next_offset, expires = o.expires OR p.expires, updated_at = now()
            FROM unnest(?::text[], ?::int4[], ?::int8[], ?::bool[])
                AS p (topic, kafka_partition, next_offset, expires)
            WHERE o.consumer_group = ? AND o.topic = p.topic AND o.kafka_partition = p.kafka_partition""";

    private static final String RESTART = """
            UPDATE cdc_metadata.sink_offsets
            SET topic_id = ?, partition_count = ?, next_offset = ?, updated_at = now()
            WHERE consumer_group = ? AND topic = ? AND kafka_partition = ?""";

    private static final String PASS = """
            UPDATE cdc_metadata.sink_offsets AS o SET next_offset = ?
            FROM (SELECT consumer_group, topic, kafka_partition FROM cdc_metadata.sink_offsets
                  WHERE consumer_group = ? AND topic = ? AND kafka_partition = ? AND next_offset = ?
                  FOR UPDATE SKIP LOCKED) AS free
            WHERE o.consumer_group = free.consumer_group AND o.topic = free.topic
                AND o.kafka_partition = free.kafka_partition""";

    private Fence() {}

    /**
     * What is stored of a partition.
     *
     * @param topicId of the topic whose offsets these are, null if unknown
     * @param partitionCount how many partitions the topic had then
     * @param nextOffset the first offset that is not applied
     * @param expires whether a change of it ever had a time to live
     */
    record Position(UUID topicId, int partitionCount, long nextOffset, boolean expires) {}

    /** Locks the rows of some partitions until the transaction ends. Partitions without a row are missing in the answer. */
    static Map<TopicPartition, Position> lock(
            Connection connection, String group, Collection<TopicPartition> partitions) throws SQLException {
        List<TopicPartition> list = List.copyOf(partitions);
        Map<TopicPartition, Position> positions = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            setPartitions(connection, statement, list);
            statement.setString(3, group);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    positions.put(
                            new TopicPartition(result.getString(1), result.getInt(2)),
                            new Position(
                                    result.getObject(3, UUID.class),
                                    result.getInt(4),
                                    result.getLong(5),
                                    result.getBoolean(6)));
                }
            }
        }
        return positions;
    }

    /**
     * Moves a partition on over what holds no record, unless somebody else moves it at the moment. Marks of transactions alone
     * may be all that a topic still has after its retention, and would look like something that was missed.
     */
    static void pass(Connection connection, String group, TopicPartition partition, long from, long to)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PASS)) {
            statement.setLong(1, to);
            statement.setString(2, group);
            statement.setString(3, partition.topic());
            statement.setInt(4, partition.partition());
            statement.setLong(5, from);
            statement.executeUpdate();
        }
    }

    /** Sets a partition to a position, whatever was stored; its row must be there. */
    static void restart(Connection connection, String group, TopicPartition partition, Position position)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RESTART)) {
            statement.setObject(1, position.topicId());
            statement.setInt(2, position.partitionCount());
            statement.setLong(3, position.nextOffset());
            statement.setString(4, group);
            statement.setString(5, partition.topic());
            statement.setInt(6, partition.partition());
            statement.executeUpdate();
        }
    }

    /** Stores that nothing of a partition is applied yet, unless something is stored already. */
    static void create(Connection connection, String group, TopicPartition partition, Position position)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CREATE)) {
            statement.setString(1, group);
            statement.setString(2, partition.topic());
            statement.setInt(3, partition.partition());
            statement.setObject(4, position.topicId());
            statement.setInt(5, position.partitionCount());
            statement.setLong(6, 0); // if the topic begins later, what it began with is missing
            statement.executeUpdate();
        }
    }

    /** Notes the id of a topic whose id was not known before. */
    static void adoptTopicId(Connection connection, String group, String topic, UUID topicId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADOPT_TOPIC_ID)) {
            statement.setObject(1, topicId);
            statement.setString(2, group);
            statement.setString(3, topic);
            statement.executeUpdate();
        }
    }

    /**
     * Moves locked rows to their next offsets.
     *
     * @param expiring partitions of which something has a time to live
     */
    static void advance(
            Connection connection, String group, Map<TopicPartition, Long> nextOffsets, Set<TopicPartition> expiring)
            throws SQLException {
        List<TopicPartition> list = List.copyOf(nextOffsets.keySet());
        Long[] offsets = list.stream().map(nextOffsets::get).toArray(Long[]::new);
        try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            setPartitions(connection, statement, list);
            Array array = connection.createArrayOf("int8", offsets);
            statement.setArray(3, array);
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "bool", list.stream().map(expiring::contains).toArray(Boolean[]::new)));
            statement.setString(5, group);
            int rows = statement.executeUpdate();
            if (rows != list.size()) {
                throw new IllegalStateException("cdc_metadata.sink_offsets has " + rows + " rows for " + list
                        + " of group " + group + " although they were locked");
            }
        }
    }

    private static void setPartitions(
            Connection connection, PreparedStatement statement, List<TopicPartition> partitions) throws SQLException {
        statement.setArray(
                1,
                connection.createArrayOf(
                        "text", partitions.stream().map(TopicPartition::topic).toArray(String[]::new)));
        statement.setArray(
                2,
                connection.createArrayOf(
                        "int4",
                        partitions.stream().map(TopicPartition::partition).toArray(Integer[]::new)));
    }
}
