package io.github.scyllapgcdc.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * A record as it was read.
 *
 * @param topic where it was read
 * @param partition of the topic
 * @param offset in the partition
 * @param key its bytes, may be null
 * @param value its bytes, null for a tombstone
 * @param headers all of them, may be null
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes as Kafka gave them; records are not compared
public record OriginalRecord(String topic, int partition, long offset, byte[] key, byte[] value, Headers headers) {

    /** The last header of a name, as text, if it is there. */
    public Optional<String> header(String name) {
        Header header = headers == null ? null : headers.lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    /** Topic, partition and offset, for messages. */
    public String position() {
        return topic + "-" + partition + "@" + offset;
    }

    @Override
    public String toString() {
        return position();
    }
}
