package io.github.scyllapgcdc.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes letters that are there already: once more with a mark, or as a tombstone. May be used by several threads. */
final class LetterWriter implements AutoCloseable {
    /** As large as the topics take. */
    private static final String LARGEST = "8388608";

    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final Properties properties;
    private Producer<byte[], byte[]> producer;

    /** @param client bootstrap servers and security */
    LetterWriter(Properties client) {
        properties = new Properties();
        properties.putAll(client);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    }

    /**
     * Marks letters as replayed; Kafka has the marks when this returns.
     *
     * @throws KafkaException if it has not, or not all
     */
    void mark(List<StoredLetter> letters, String how, Instant when) {
        send(letters.stream()
                .map(letter -> {
                    Headers headers = new RecordHeaders(letter.headers().toArray());
                    headers.remove(DeadLetterHeaders.REPLAYED_AT)
                            .remove(DeadLetterHeaders.REPLAYED_HOW)
                            .add(DeadLetterHeaders.REPLAYED_AT, when.toString().getBytes(UTF_8))
                            .add(DeadLetterHeaders.REPLAYED_HOW, how.getBytes(UTF_8));
                    return record(letter, letter.value(), headers);
                })
                .toList());
    }

    /**
     * Takes letters away; Kafka has their tombstones when this returns.
     *
     * @throws KafkaException if it has not, or not all
     */
    void purge(List<StoredLetter> letters) {
        send(letters.stream()
                .map(letter -> record(letter, null, new RecordHeaders()))
                .toList());
    }

    private static ProducerRecord<byte[], byte[]> record(StoredLetter letter, byte[] value, Headers headers) {
        return new ProducerRecord<>(
                letter.topic(), letter.partition(), null, letter.id().getBytes(UTF_8), value, headers);
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) {
        Producer<byte[], byte[]> connected = connected();
        List<Future<RecordMetadata>> acknowledgements = new ArrayList<>(records.size());
        records.forEach(one -> acknowledgements.add(connected.send(one)));
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

    private synchronized Producer<byte[], byte[]> connected() {
        if (producer == null) {
            producer = new KafkaProducer<>(properties);
        }
        return producer;
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(CLOSE);
            producer = null;
        }
    }
}
