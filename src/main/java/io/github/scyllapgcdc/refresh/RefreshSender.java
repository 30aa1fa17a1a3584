package io.github.scyllapgcdc.refresh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends requests, at least once: asking twice for a key does no harm. May be used by several threads. */
public final class RefreshSender implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final Producer<byte[], byte[]> producer;

    /** Sends through a producer, which is the sender's to close from now on. */
    public RefreshSender(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * A sender with a producer of its own. The topic should exist, see {@link RefreshTopic#definition}.
     *
     * @param client bootstrap servers and security
     */
    public static RefreshSender connect(Properties client) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        return new RefreshSender(new KafkaProducer<>(properties));
    }

    /**
     * Sends requests and waits until Kafka has every one of them.
     *
     * @throws KafkaException if it has not; some of them may have been taken all the same
     */
    public void send(List<RefreshRequest> requests) {
        List<Future<RecordMetadata>> acknowledgements = new ArrayList<>(requests.size());
        requests.forEach(request -> acknowledgements.add(producer.send(request.toRecord())));
        for (Future<RecordMetadata> acknowledgement : acknowledgements) {
            try {
                acknowledgement.get();
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
            }
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
