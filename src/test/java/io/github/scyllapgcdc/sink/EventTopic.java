package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EncodedEvent;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.RecordHeaders;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A table's topic, written as a source would. */
final class EventTopic implements AutoCloseable {
    private static final int PARTITIONS = 3;

    private final String name;
    private final StackEndpoints stack;
    private final EventCodec codec;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    EventTopic(StackEndpoints stack, String name) {
        this.stack = stack;
        this.name = name;
        this.codec = new EventCodec(new ConfluentRegistry(stack.registryUrl(), Login.none(), Optional.empty()));
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stack.kafkaBootstrap(), "linger.ms", "20", "batch.size", "200000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    String name() {
        return name;
    }

    EventTopic create() throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        return this;
    }

    void delete() throws Exception {
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(name)).all().get();
        }
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", stack.kafkaBootstrap()));
    }

    /** Sends an event to the partition of its partition key. */
    void send(ChangeEvent event) {
        EventSchema schema = event.schema();
        sendTo(
                Math.floorMod(
                        Arrays.asList(event.key())
                                .subList(0, schema.partitionKeySize())
                                .hashCode(),
                        PARTITIONS),
                event);
    }

    /** Sends an event to a partition of the test's choice. */
    void sendTo(int partition, ChangeEvent event) {
        EncodedEvent encoded = codec.encode(event);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(name, partition, encoded.key(), encoded.value());
        record.headers().add(RecordHeaders.CHANGE_ID, event.source().changeId().getBytes(StandardCharsets.UTF_8));
        sent.add(producer.send(record));
    }

    void sendRaw(int partition, byte[] key, byte[] value) {
        sent.add(producer.send(new ProducerRecord<>(name, partition, key, value)));
    }

    /** Waits until Kafka has all that was sent. */
    void flush() throws Exception {
        producer.flush();
        for (Future<RecordMetadata> record : sent) {
            record.get();
        }
        sent.clear();
    }

    @Override
    public void close() {
        producer.close();
    }
}
