package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.TopicConfig;
import io.github.scyllapgcdc.refresh.RefreshRequest;
import io.github.scyllapgcdc.refresh.RefreshSender;
import io.github.scyllapgcdc.refresh.RefreshTopic;
import io.github.scyllapgcdc.topic.TopicCreation;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Asks the source to read rows again; connects when it is needed first. */
final class Refreshes extends ServiceSupport {
    private final KafkaConfig kafka;
    private final TopicConfig topics;
    private final KafkaAdmin admin;
    private RefreshSender sender;

    Refreshes(KafkaConfig kafka, TopicConfig topics, KafkaAdmin admin) {
        this.kafka = kafka;
        this.topics = topics;
        this.admin = admin;
    }

    /**
     * Sends requests; Kafka has them when this returns.
     *
     * @throws KafkaException if that can't be said of all of them
     */
    void send(List<RefreshRequest> requests) {
        sender().send(requests);
    }

    private synchronized RefreshSender sender() {
        if (sender == null) {
            createTopic();
            sender = RefreshSender.connect(kafka.adminProperties());
        }
        return sender;
    }

    private void createTopic() {
        try {
            TopicCreation.ensure(admin.get(), RefreshTopic.definition(topics.replicationFactor()));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    @Override
    protected synchronized void doStop() {
        if (sender != null) {
            sender.close();
            sender = null;
        }
    }
}
