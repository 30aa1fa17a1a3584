package io.github.scyllapgcdc.deadletter;

import java.time.Instant;
import java.util.Optional;

/**
 * A record that could not be applied, and why.
 *
 * @param record as it was read
 * @param topicId the id of the topic it was read from, so that a recreated topic's offsets are not taken for the old one's;
 *     empty if the brokers are too old to tell
 * @param consumerGroup who could not apply it
 * @param errorClass the class name of the error
 * @param message the error's own words
 * @param sqlState Postgres' error code, where Postgres refused it
 * @param time when
 */
public record DeadLetter(
        OriginalRecord record,
        Optional<String> topicId,
        String consumerGroup,
        String errorClass,
        String message,
        Optional<String> sqlState,
        Instant time) {

    /** What identifies the dead letter: equal keys are the same one, sent again. */
    public String key() {
        return topicId.orElse(record.topic()) + "/" + record.partition() + "/" + record.offset();
    }
}
