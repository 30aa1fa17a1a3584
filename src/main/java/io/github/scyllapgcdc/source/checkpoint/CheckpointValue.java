package io.github.scyllapgcdc.source.checkpoint;

import java.util.Map;

/** What a checkpoint record says; which kind it is follows from its {@link CheckpointKey}. */
public sealed interface CheckpointValue {

    /**
     * The table's topic.
     *
     * @param partitions how many partitions it has; the partition of every key depends on it
     * @param topicId Kafka's own id, which tells a topic that was deleted and made again
     */
    record Topic(int partitions, String topicId) implements CheckpointValue {}

    /**
     * A start of a task. Committed by the task's own producer, it proves that whoever ran the task before is fenced.
     *
     * @param tasks how many tasks the table is shared among
     * @param session random, of this start
     * @param startedAt ISO-8601, for people
     */
    record Task(int tasks, String session, String startedAt) implements CheckpointValue {}

    /**
     * Every change of the task's groups that is older than this is published.
     *
     * @param until exclusive, milliseconds since 1970
     */
    record Watermark(long until) implements CheckpointValue {}

    /**
     * A group inside a window.
     *
     * @param from everything older is published; milliseconds since 1970
     * @param until where the window ends, for people
     * @param positions for each stream that had changes since {@code from}, the last published one
     */
    record Group(long from, long until, Map<String, Position> positions) implements CheckpointValue {}

    /** A row of the log: {@code cdc$time} and {@code cdc$batch_seq_no}. */
    record Position(String time, int sequence) {}
}
