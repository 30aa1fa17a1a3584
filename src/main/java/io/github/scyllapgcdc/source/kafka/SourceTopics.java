package io.github.scyllapgcdc.source.kafka;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_MS_CONFIG;

import io.github.scyllapgcdc.config.TopicConfig;
import io.github.scyllapgcdc.deadletter.DeadLetterTopic;
import io.github.scyllapgcdc.progress.ProgressTopic;
import io.github.scyllapgcdc.refresh.RefreshTopic;
import io.github.scyllapgcdc.source.SourceException;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics a source writes to, and the producers it takes over from. */
public final class SourceTopics implements AutoCloseable {
    /** How far every table's log has been published. */
    public static final String CHECKPOINTS = "cdc-checkpoints";

    private static final int CALL_SECONDS = 20;

    private final Admin admin;
    private final String brokers;
    private final TopicConfig config;

    /** Connects on first use. */
    public SourceTopics(Properties client, TopicConfig config) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        this.admin = Admin.create(properties);
        this.brokers = properties.getProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
        this.config = config;
    }

    /** Makes the topics that all tables share, where they are missing. */
    public void ensureShared() {
        // Read back as a whole at every start, so its segments must be small enough to be compacted soon
        NewTopic checkpoints = new NewTopic(CHECKPOINTS, 1, config.replicationFactor())
                .configs(Map.of(
                        CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_COMPACT,
                        SEGMENT_BYTES_CONFIG, "16777216",
                        SEGMENT_MS_CONFIG, "3600000",
                        MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1"));
        ensure(List.of(
                checkpoints,
                ProgressTopic.definition(config.replicationFactor()),
                RefreshTopic.definition(config.replicationFactor())));
        ensureDeadLetters();
    }

    private void ensureDeadLetters() {
        try {
            DeadLetterTopic.ensure(admin, DeadLetterTopic.SOURCE, config.replicationFactor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("answer: interrupted", e);
        } catch (ExecutionException e) {
            throw failed("create topic " + DeadLetterTopic.SOURCE, e.getCause());
        }
    }

    /** Makes a table's topic, with the configured number of partitions. */
    public CheckpointValue.Topic createTable(String topic) {
        ensure(List.of(new NewTopic(topic, config.partitions(), config.replicationFactor())));
        return describe(topic)
                .orElseThrow(() -> new SourceException(
                        SourceException.Kind.RETRY, "topic " + topic + " was created but is not there yet"));
    }

    private void ensure(Collection<NewTopic> topics) {
        for (NewTopic topic : topics) {
            if (describe(topic.name()).isPresent()) {
                continue;
            }
            try {
                await(admin.createTopics(List.of(topic)).all());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw failed("create topic " + topic.name(), e.getCause());
                }
            }
        }
    }

    /** A topic as it is now; empty if there is none. */
    public Optional<CheckpointValue.Topic> describe(String topic) {
        try {
            TopicDescription found =
                    await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
            return Optional.of(new CheckpointValue.Topic(
                    found.partitions().size(), found.topicId().toString()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw failed("describe topic " + topic, e.getCause());
        }
    }

    /** The largest record batch that a topic takes, in bytes. */
    public int maxMessageBytes(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return Integer.parseInt(
                    await(admin.describeConfigs(List.of(resource)).all())
                            .get(resource)
                            .get(MAX_MESSAGE_BYTES_CONFIG)
                            .value());
        } catch (ExecutionException e) {
            throw failed("read the configuration of topic " + topic, e.getCause());
        }
    }

    /** Ends the transactions of these producers, and makes whoever still uses their ids fail. */
    public void fence(Collection<String> transactionalIds) {
        try {
            await(admin.fenceProducers(transactionalIds).all());
        } catch (ExecutionException e) {
            throw failed("fence the producers " + transactionalIds, e.getCause());
        }
    }

    private <T> T await(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get(CALL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("answer: interrupted", e);
        } catch (TimeoutException e) {
            throw failed("answer within " + CALL_SECONDS + " s", e);
        }
    }

    private SourceException failed(String what, Throwable cause) {
        return new SourceException(
                SourceException.Kind.RETRY,
                "Kafka at " + brokers + " (kafka.bootstrap.servers) did not " + what + ": "
                        + SourceException.oneLine(cause),
                cause);
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(5));
    }
}
