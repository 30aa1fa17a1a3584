package io.github.scyllapgcdc.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * A dead letter as its topic has it.
 *
 * @param topic of the dead letters, {@link DeadLetterTopic#SINK} or {@link DeadLetterTopic#SOURCE}
 * @param partition of that topic
 * @param offset in that partition
 * @param id the letter's key, which identifies it
 * @param headers see {@link DeadLetterHeaders}, and those that the record had
 * @param value the record's bytes; of a change that could not be published, what is known of it as JSON
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes as Kafka gave them; letters are not compared
public record StoredLetter(String topic, int partition, long offset, String id, Headers headers, byte[] value) {

    /** Whether it is of a record that could not be applied, rather than of a change that could not be published. */
    public boolean ofRecord() {
        return topic.equals(DeadLetterTopic.SINK);
    }

    /** The same for those who need no value, which may be large. */
    StoredLetter withoutValue() {
        return new StoredLetter(topic, partition, offset, id, headers, null);
    }

    /** The table's topic, {@code <keyspace>.<table>}. */
    public Optional<String> table() {
        return text(DeadLetterHeaders.TOPIC);
    }

    /** Whether it was replayed since it was written. */
    public boolean replayed() {
        return text(DeadLetterHeaders.REPLAYED_AT).isPresent();
    }

    /** The last header of a name as text, if it is there. */
    public Optional<String> text(String name) {
        return bytes(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The last header of a name, if it is there. */
    public Optional<byte[]> bytes(String name) {
        Header header = headers.lastHeader(name);
        return header == null ? Optional.empty() : Optional.ofNullable(header.value());
    }

    /** The record that could not be applied; empty if the letter does not say where it was, or was never one. */
    public Optional<OriginalRecord> original() {
        Optional<Integer> originalPartition =
                text(DeadLetterHeaders.PARTITION).filter(StoredLetter::isInt).map(Integer::valueOf);
        Optional<Long> originalOffset =
                text(DeadLetterHeaders.OFFSET).filter(StoredLetter::isLong).map(Long::valueOf);
        if (!ofRecord() || table().isEmpty() || originalPartition.isEmpty() || originalOffset.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new OriginalRecord(
                table().get(),
                originalPartition.get(),
                originalOffset.get(),
                bytes(DeadLetterHeaders.KEY).orElse(null),
                value,
                headers));
    }

    private static boolean isInt(String text) {
        return text.matches("\\d{1,9}");
    }

    private static boolean isLong(String text) {
        return text.matches("\\d{1,18}");
    }

    @Override
    public String toString() {
        return topic + " " + id;
    }
}
