package io.github.scyllapgcdc.topic;

import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Consumers that read topics by themselves, in no group: they are told what to read and from where, commit nothing, and get keys
 * and values as the bytes they are.
 */
public final class TopicConsumers {

    /** Where to go on when the topic no longer has the offset, or has not got that far. */
    public enum Lost {
        /** At the oldest record there is. */
        EARLIEST("earliest"),
        /** Nowhere: the consumer throws {@link org.apache.kafka.clients.consumer.OffsetOutOfRangeException}. */
        THROW("none");

        private final String reset;

        Lost(String reset) {
            this.reset = reset;
        }
    }

    private TopicConsumers() {}

    /**
     * A consumer of what is committed; a record of an open transaction, and all behind it, comes when that is decided.
     *
     * @param client bootstrap servers and security, and whatever is to be other than Kafka's default
     */
    public static KafkaConsumer<byte[], byte[]> committed(Properties client, Lost lost) {
        return consumer(client, lost, "read_committed");
    }

    /** A consumer that sees open and aborted transactions as well, to learn how far a topic goes with them. */
    public static KafkaConsumer<byte[], byte[]> uncommitted(Properties client) {
        return consumer(client, Lost.THROW, "read_uncommitted");
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Properties client, Lost lost, String isolation) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, lost.reset);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
