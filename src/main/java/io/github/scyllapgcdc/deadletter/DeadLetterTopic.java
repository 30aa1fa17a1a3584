package io.github.scyllapgcdc.deadletter;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topic of the sink's dead letters. */
public final class DeadLetterTopic {
    public static final String SINK = "dlq-postgres-sink";

    private DeadLetterTopic() {}

    /**
     * Creates a dead-letter topic if it is missing: one partition, and nothing is ever removed by age.
     *
     * @param replicationFactor copies, -1 for the broker's default
     * @throws ExecutionException if Kafka could not do it
     */
    public static void ensure(Admin admin, String topic, short replicationFactor)
            throws ExecutionException, InterruptedException {
        if (admin.listTopics().names().get().contains(topic)) {
            return;
        }
        Optional<Short> replicas = replicationFactor < 0 ? Optional.empty() : Optional.of(replicationFactor);
        try {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), replicas)
                            .configs(Map.of("retention.ms", "-1", "retention.bytes", "-1"))))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
