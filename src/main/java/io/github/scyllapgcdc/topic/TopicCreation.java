package io.github.scyllapgcdc.topic;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates topics that whoever comes first creates. */
public final class TopicCreation {
    private TopicCreation() {}

    /**
     * Creates a topic unless it is there, in which case it stays as it is.
     *
     * @throws ExecutionException if Kafka could not do it
     */
    public static void ensure(Admin admin, NewTopic topic) throws ExecutionException, InterruptedException {
        if (admin.listTopics().names().get().contains(topic.name())) {
            return;
        }
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
