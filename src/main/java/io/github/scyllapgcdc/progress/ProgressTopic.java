package io.github.scyllapgcdc.progress;

import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;

/** The topic that {@link ProgressRecord}s are in: one partition, compacted, so that it always has the newest of each key. */
public final class ProgressTopic {
    public static final String NAME = "cdc-progress";

    private ProgressTopic() {}

    /**
     * The topic as it is created.
     *
     * @param replicationFactor copies, -1 for the broker's default
     */
    public static NewTopic definition(short replicationFactor) {
        // Every reader begins at the beginning, so the segments must be small enough to be compacted soon
        return new NewTopic(NAME, 1, replicationFactor)
                .configs(Map.of(
                        "cleanup.policy", "compact",
                        "segment.bytes", "16777216",
                        "segment.ms", "3600000",
                        "min.cleanable.dirty.ratio", "0.1"));
    }
}
