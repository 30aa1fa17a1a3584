package io.github.scyllapgcdc.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.topic.TopicCreation;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Reading progress back from a real broker. */
class ProgressReaderIT {
    private static final String TOPIC = "progress_reader_it.t";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void whatIsCommittedIsReadAndWhatIsNotIsNot() throws Exception {
        // Given
        Properties client = new Properties();
        client.put("bootstrap.servers", TestStack.get().endpoints().kafkaBootstrap());
        try (Admin admin = Admin.create(client)) {
            TopicCreation.ensure(admin, ProgressTopic.definition((short) 1));
            TopicCreation.ensure(admin, ProgressTopic.definition((short) 1));
        }
        Properties transactional = new Properties();
        transactional.putAll(client);
        transactional.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "progress-reader-it");
        transactional.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        transactional.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(transactional);
                ProgressReader reader = new ProgressReader(client)) {
            producer.initTransactions();

            // When
            producer.beginTransaction();
            send(producer, new ProgressRecord.Watermark(TOPIC, 0, 1, 100, 0));
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, new ProgressRecord.Watermark(TOPIC, 0, 1, 200, 0));
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, new ProgressRecord.Load(TOPIC, 0, 1, "a", false, ProgressRecord.Load.State.BEGUN));
            producer.commitTransaction();

            // Then
            await().atMost(PATIENCE).until(() -> {
                reader.poll();
                return reader.table(TOPIC).filter(TableProgress::loading).isPresent();
            });
            assertThat(reader.table(TOPIC).map(TableProgress::watermark)).isEqualTo(Optional.of(OptionalLong.of(100)));
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, ProgressRecord progress) throws Exception {
        producer.send(new ProducerRecord<>(ProgressTopic.NAME, 0, progress.key(), progress.value()))
                .get();
    }
}
