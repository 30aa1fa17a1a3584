package io.github.scyllapgcdc.deadletter;

/** Applies the record of a dead letter as it is, once more: what {@code --raw} asks for. */
@FunctionalInterface
public interface RecordReplay {

    /**
     * Applies a record; it is applied and committed when this returns.
     *
     * @param topicId the id of the topic that the record was read from
     * @param consumerGroup who could not apply it
     * @throws ReplayRefusedException if it can't be applied, or no longer
     */
    void apply(OriginalRecord record, String topicId, String consumerGroup);
}
