package io.github.scyllapgcdc.reconcile.route;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;

/** The topic that each run's {@link RunReport} is in, under the table's name as its key. */
public final class ReportTopic {
    public static final String NAME = "cdc-reconciliation";
    private static final Duration RETENTION = Duration.ofDays(30);

    private ReportTopic() {}

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
