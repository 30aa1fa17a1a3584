package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.topic.TopicConsumers;
import io.github.scyllapgcdc.topic.TopicConsumers.Lost;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells whether everything that was in a topic at some moment is applied. An offset that is stored says what was applied last,
 * and not that the rest up to the end are marks of transactions only, so the rest is looked at. Belongs to one thread.
 */
final class CaughtUp implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final KafkaConsumer<byte[], byte[]> consumer;

    CaughtUp(KafkaConfig kafka) {
        Properties properties = kafka.adminProperties();
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
        this.consumer = TopicConsumers.committed(properties, Lost.THROW);
    }

    /**
     * Where a topic's partitions end now, transactions that are still open included: what has been committed elsewhere
     * together with records of this topic lies before these offsets, even if its own mark is still on its way.
     *
     * @throws IllegalStateException if there is no such topic
     */
    static Map<TopicPartition, Long> ends(KafkaConfig kafka, String topic) {
        try (KafkaConsumer<byte[], byte[]> uncommitted = TopicConsumers.uncommitted(kafka.adminProperties())) {
            List<TopicPartition> partitions = uncommitted.partitionsFor(topic).stream()
                    .map((PartitionInfo p) -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw new IllegalStateException(
                        "Kafka has no topic " + topic + ", so what it had is not known to be applied");
            }
            return uncommitted.endOffsets(partitions);
        }
    }

    /**
     * Whether all records before these ends are applied.
     *
     * @param applied the first offset of each partition that is not applied; one that is missing was never begun
     */
    boolean reached(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> applied) {
        Map<TopicPartition, Long> open = new HashMap<>();
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            long next = applied.getOrDefault(end.getKey(), 0L);
            if (next < end.getValue()) {
                open.put(end.getKey(), next);
            }
        }
        return nothingBetween(open, ends);
    }

    /** Reads all of them side by side: one by one, each would wait for the fetch that is under way for the one before. */
    private boolean nothingBetween(Map<TopicPartition, Long> from, Map<TopicPartition, Long> ends) {
        consumer.assign(from.keySet());
        from.forEach(consumer::seek);
        long deadline = System.nanoTime() + LOOK.toNanos();
        while (!from.keySet().stream().allMatch(p -> consumer.position(p) >= ends.get(p))) {
            if (!consumer.poll(POLL).isEmpty() || System.nanoTime() > deadline) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        consumer.close(CLOSE);
    }
}
