package io.github.scyllapgcdc.deadletter;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of dead letters. They are compacted: the same letter written again takes the place of the one before, a letter
 * without a value takes it away, and nothing goes by age.
 */
public final class DeadLetterTopic {
    /** What could not be applied. */
    public static final String SINK = "dlq-postgres-sink";
    /** What could not be published. */
    public static final String SOURCE = "dlq-scylla-source";
    /** Both of them. */
    public static final List<String> ALL = List.of(SINK, SOURCE);

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTopic.class);
    private static final String POLICY = "cleanup.policy";
    private static final Map<String, String> CONFIGURATION = Map.of(
            POLICY,
            "compact",
            "retention.ms",
            "-1",
            "retention.bytes",
            "-1",
            // what is purged is gone from the brokers' disks a day later
            "max.compaction.lag.ms",
            "86400000",
            // a letter is larger than its record, which may be as large as its own topic allows
            "max.message.bytes",
            "8388608");

    private DeadLetterTopic() {}

    /**
     * A topic of dead letters as it is created.
     *
     * @param replicationFactor copies, -1 for the broker's default
     */
    public static NewTopic definition(String topic, short replicationFactor) {
        return new NewTopic(topic, 1, replicationFactor).configs(CONFIGURATION);
    }

    /**
     * Creates a dead-letter topic if it is missing, and has one that removes by age keep by key instead.
     *
     * @param replicationFactor copies, -1 for the broker's default
     * @throws ExecutionException if Kafka could not do it
     */
    public static void ensure(Admin admin, String topic, short replicationFactor)
            throws ExecutionException, InterruptedException {
        if (!admin.listTopics().names().get().contains(topic)) {
            try {
                admin.createTopics(List.of(definition(topic, replicationFactor)))
                        .all()
                        .get();
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        keepByKey(admin, topic);
    }

    /**
     * Has a topic keep by key if it removes by age. Where Kafka does not allow that it is only said: what is in it can be
     * listed and replayed all the same, for as long as it is there.
     *
     * @throws ExecutionException if Kafka could not be asked
     */
    public static void keepByKey(Admin admin, String topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            ConfigEntry policy = config.get(POLICY);
            if (policy == null || policy.value() == null || !policy.value().contains("delete")) {
                return;
            }
            admin.incrementalAlterConfigs(Map.of(
                            resource,
                            CONFIGURATION.entrySet().stream()
                                    .map(e -> new AlterConfigOp(
                                            new ConfigEntry(e.getKey(), e.getValue()), AlterConfigOp.OpType.SET))
                                    .collect(Collectors.toList())))
                    .all()
                    .get();
            LOG.info("Dead letters are kept by key from now on: topic={} before={}", topic, policy.value());
        } catch (ExecutionException e) {
            boolean refused = e.getCause() instanceof AuthorizationException
                    || e.getCause() instanceof PolicyViolationException
                    || e.getCause() instanceof InvalidRequestException;
            if (!refused) {
                throw e;
            }
            LOG.warn(
                    "Dead letters may be removed by age: topic={} reason=\"{}\" remedy=\"set cleanup.policy=compact\"",
                    topic,
                    e.getCause().getMessage());
        }
    }
}
