package io.github.scyllapgcdc.source.kafka;

import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.SourceException;
import io.github.scyllapgcdc.source.checkpoint.CheckpointJson;
import io.github.scyllapgcdc.source.checkpoint.CheckpointState;
import io.github.scyllapgcdc.topic.TopicConsumers;
import io.github.scyllapgcdc.topic.TopicConsumers.Lost;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a table's checkpoints back.
 *
 * <p>It reads what is committed, up to where the topic ended <em>with</em> open transactions when it began (the high
 * watermark), and so waits for those to be decided. The end that a read_committed consumer is told of lies before the first
 * open transaction, of whichever task; stopping there would miss checkpoints committed behind it, and publish again what
 * they cover.
 */
public final class CheckpointReader {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Properties client;
    private final String topic;
    private final Duration patience;

    /**
     * A reader.
     *
     * @param client bootstrap servers and security
     * @param patience how long to wait for open transactions; more than the transaction timeout
     */
    public CheckpointReader(Properties client, String topic, Duration patience) {
        this.topic = topic;
        this.patience = patience;
        this.client = client;
    }

    /**
     * Everything that is committed about a table.
     *
     * @throws SourceException if a transaction stays open for longer than the patience
     * @throws org.apache.kafka.common.KafkaException if Kafka can't be reached
     */
    public CheckpointState read(TableId table) {
        CheckpointState state = new CheckpointState(table);
        TopicPartition partition = new TopicPartition(topic, 0);
        long end = highWatermark(partition);
        try (KafkaConsumer<byte[], byte[]> consumer = TopicConsumers.committed(client, Lost.EARLIEST)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + patience.toNanos();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
                    CheckpointJson.read(entry.key(), entry.value()).ifPresent(state::apply);
                }
                if (System.nanoTime() > deadline) {
                    throw new SourceException(
                            SourceException.Kind.RETRY,
                            "topic " + topic + ": a transaction before offset " + end + " has stayed open for "
                                    + patience.toSeconds() + " s; another source has hung, or its transaction timeout "
                                    + "is longer than ours");
                }
            }
        }
        return state;
    }

    private long highWatermark(TopicPartition partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = TopicConsumers.uncommitted(client)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
            return ends.get(partition);
        }
    }
}
