package io.github.scyllapgcdc.deadletter;

import io.github.scyllapgcdc.topic.TopicConsumers;
import io.github.scyllapgcdc.topic.TopicConsumers.Lost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads the letters of a topic, from its beginning to its end as it is then. Twice: which of the records with one key is the
 * letter is known at the end only, and letters are too large to be kept until then.
 */
final class LetterReader {
    private static final Duration POLL = Duration.ofMillis(200);
    /** Kafka brings nothing for so long although there is more. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Properties client;

    /** @param client bootstrap servers and security */
    LetterReader(Properties client) {
        this.client = client;
    }

    /**
     * Hands over the letters of a topic, of each partition in their order. A topic that is missing has none.
     *
     * @param visitor answers whether it wants more
     * @return false if the visitor did not
     * @throws org.apache.kafka.common.KafkaException if Kafka can't be read
     */
    boolean visit(String topic, Predicate<StoredLetter> visitor) {
        try (KafkaConsumer<byte[], byte[]> consumer = TopicConsumers.committed(client, Lost.EARLIEST)) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            for (PartitionInfo info : partitions == null ? List.<PartitionInfo>of() : partitions) {
                if (!visit(consumer, new TopicPartition(topic, info.partition()), visitor)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean visit(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, Predicate<StoredLetter> visitor) {
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        LetterIndex index = new LetterIndex();
        read(consumer, partition, end, found -> {
            index.add(id(found), found.offset(), found.value() == null);
            return true;
        });
        if (index.size() == 0) {
            return true;
        }
        return read(consumer, partition, end, found -> {
            String id = id(found);
            return !index.holds(id, found.offset())
                    || visitor.test(new StoredLetter(
                            found.topic(), found.partition(), found.offset(), id, found.headers(), found.value()));
        });
    }

    private static boolean read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long end,
            Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
        consumer.seekToBeginning(List.of(partition));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                if (found.key() != null && found.offset() < end && !visitor.test(found)) {
                    return false;
                }
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("topic " + partition.topic() + " could not be read on from offset "
                        + consumer.position(partition) + " for " + PATIENCE.toSeconds() + " s");
            }
        }
        return true;
    }

    private static String id(ConsumerRecord<byte[], byte[]> found) {
        return new String(found.key(), StandardCharsets.UTF_8);
    }
}
