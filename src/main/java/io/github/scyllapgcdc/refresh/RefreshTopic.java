package io.github.scyllapgcdc.refresh;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;

/** The topic that {@link RefreshRequest}s are in: one partition, so that each task follows one position. */
public final class RefreshTopic {
    public static final String NAME = "cdc-refresh";
    /** A source that is down for longer has lost its requests. */
    private static final Duration RETENTION = Duration.ofDays(7);

    private RefreshTopic() {}

    /**
     * The topic as it is created.
     *
     * @param replicationFactor copies, -1 for the broker's default
     */
    public static NewTopic definition(short replicationFactor) {
        return new NewTopic(NAME, 1, replicationFactor)
                .configs(Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(RETENTION.toMillis())));
    }
}
