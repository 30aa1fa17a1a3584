package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.RecordHeaders;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a read_committed consumer finds in a topic, gathered as it comes. */
final class Published implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final String topic;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    Published(StackEndpoints stack, String topic) {
        this.topic = topic;
        this.codec = new EventCodec(new ConfluentRegistry(stack.registryUrl(), Login.none(), Optional.empty()));
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.kafkaBootstrap());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        this.consumer = new KafkaConsumer<>(properties);
    }

    /** All records so far, those of each partition in order. */
    List<ConsumerRecord<byte[], byte[]>> records() {
        gather(Integer.MAX_VALUE);
        return records;
    }

    /** Whether there are so many already; does not wait for the rest when more keep coming. */
    boolean reached(int count) {
        gather(count);
        return records.size() >= count;
    }

    private void gather(int enough) {
        if (consumer.assignment().isEmpty()) {
            List<TopicPartition> partitions = consumer.listTopics().getOrDefault(topic, List.of()).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                return;
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }
        boolean more = true;
        while (more && records.size() < enough) {
            more = false;
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(300))) {
                records.add(found);
                more = true;
            }
        }
    }

    int count() {
        return records().size();
    }

    List<ChangeEvent> events() {
        return records().stream().map(r -> codec.decode(r.key(), r.value())).toList();
    }

    List<String> changeIds() {
        return records().stream()
                .map(r -> new String(
                        r.headers().lastHeader(RecordHeaders.CHANGE_ID).value(), StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
