package io.github.scyllapgcdc.progress;

import io.github.scyllapgcdc.topic.TopicConsumers;
import io.github.scyllapgcdc.topic.TopicConsumers.Lost;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topic {@code cdc-progress} from its beginning, without a consumer group. Belongs to one thread. Until it has
 * caught up, what it knows of a table may be older than what is true, never newer.
 */
public final class ProgressReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressReader.class);
    private static final TopicPartition PARTITION = new TopicPartition(ProgressTopic.NAME, 0);
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, TableProgress> tables = new HashMap<>();

    /**
     * Connects on first use. The topic should exist, see {@link ProgressTopic#definition}; one that appears later is found
     * then.
     *
     * @param client bootstrap servers and security
     */
    public ProgressReader(Properties client) {
        this.consumer = TopicConsumers.committed(client, Lost.EARLIEST);
        consumer.assign(List.of(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
    }

    /**
     * Takes what has arrived, without waiting for more; to be called again and again, since calls are also what fetches.
     *
     * @return whether there was anything
     * @throws org.apache.kafka.common.KafkaException if Kafka refuses; being away is no failure, it only brings nothing
     */
    public boolean poll() {
        return poll(Duration.ZERO);
    }

    /** The same, but waits for the first record to arrive. */
    public boolean poll(Duration wait) {
        boolean any = false;
        for (ConsumerRecord<byte[], byte[]> found : consumer.poll(wait)) {
            take(found);
            any = true;
        }
        return any;
    }

    private void take(ConsumerRecord<byte[], byte[]> found) {
        try {
            ProgressRecord.read(found.key(), found.value())
                    .ifPresent(progress -> tables.computeIfAbsent(progress.topic(), topic -> new TableProgress())
                            .apply(progress));
        } catch (IllegalArgumentException e) { // somebody else's record; the source writes its next within a second
            LOG.warn("topic={} offset={} left out: {}", ProgressTopic.NAME, found.offset(), e.getMessage());
        }
    }

    /** What is known of a table, by its topic; empty if nothing is. */
    public Optional<TableProgress> table(String topic) {
        return Optional.ofNullable(tables.get(topic));
    }

    /** Of every table anything is known of, by its topic. */
    public Map<String, TableProgress> tables() {
        return Map.copyOf(tables);
    }

    @Override
    public void close() {
        consumer.close(CLOSE);
    }
}
