package io.github.scyllapgcdc.refresh;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The wish that one key be read again and published: as a read if the row is there, as a delete if it is not. A key whose
 * clustering columns are null stands for all rows of its partition, and no key at all for the whole table.
 *
 * @param topic the table's topic
 * @param key the key as a change of that row has it as its Kafka key, in the Confluent wire format; empty for the whole table
 * @param reason why, for people
 */
@SuppressWarnings("ArrayRecordComponent") // bytes from one Kafka record to another; nothing compares requests
public record RefreshRequest(String topic, byte[] key, String reason) {
    static final String TOPIC_HEADER = "cdc.topic";
    static final String REASON_HEADER = "cdc.reason";

    /** The wish that a table be loaded again, since changes of it were lost. */
    public static RefreshRequest ofTable(String topic, String reason) {
        return new RefreshRequest(topic, new byte[0], reason);
    }

    /** Whether it is about all rows of the table. */
    public boolean wholeTable() {
        return key.length == 0;
    }

    /** The request as Kafka carries it. */
    public ProducerRecord<byte[], byte[]> toRecord() {
        ProducerRecord<byte[], byte[]> made = new ProducerRecord<>(RefreshTopic.NAME, 0, topic.getBytes(UTF_8), key);
        made.headers().add(TOPIC_HEADER, topic.getBytes(UTF_8)).add(REASON_HEADER, reason.getBytes(UTF_8));
        return made;
    }

    /** The request of a record of the topic; empty if it names no table or no key. */
    public static Optional<RefreshRequest> of(ConsumerRecord<byte[], byte[]> found) {
        String topic = text(found, TOPIC_HEADER);
        if (topic == null && found.key() != null) {
            topic = new String(found.key(), UTF_8);
        }
        if (topic == null || found.value() == null) {
            return Optional.empty();
        }
        String reason = text(found, REASON_HEADER);
        return Optional.of(new RefreshRequest(topic, found.value(), reason == null ? "" : reason));
    }

    private static String text(ConsumerRecord<byte[], byte[]> found, String name) {
        Header header = found.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
