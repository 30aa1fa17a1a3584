package io.github.scyllapgcdc.source.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
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
     * @param load the id of the load that published the group's rows; null if that was not so, or is long over
     */
    record Group(
            long from,
            long until,
            Map<String, Position> positions,
            @JsonInclude(JsonInclude.Include.NON_NULL) String load)
            implements CheckpointValue {
        /** A group that no load is about. */
        public Group(long from, long until, Map<String, Position> positions) {
            this(from, until, positions, null);
        }
    }

    /**
     * A load of existing rows, by one task, of all its groups.
     *
     * @param id random, of this load
     * @param begun milliseconds since 1970; a load of a task set that began later has taken over what was left of it
     * @param since the groups that are not loaded yet will be read from the log from here on; milliseconds since 1970. It is
     *     on record before the first of their rows is published, so that no delete in between is missed
     * @param reload whether rows may have been published before that are gone by now
     * @param done whether all groups are loaded
     */
    record Load(String id, long begun, long since, boolean reload, boolean done) implements CheckpointValue {
        public Load finished() {
            return new Load(id, begun, since, reload, true);
        }

        /** The same, for groups that are begun later. */
        public Load from(long newSince) {
            return new Load(id, begun, newSince, reload, done);
        }
    }

    /**
     * Requests to read rows again.
     *
     * @param offset of the first request in their topic that is not served
     */
    record Refresh(long offset) implements CheckpointValue {}

    /** A row of the log: {@code cdc$time} and {@code cdc$batch_seq_no}. */
    record Position(String time, int sequence) {}
}
