package io.github.scyllapgcdc.deadletter;

import io.github.scyllapgcdc.refresh.RefreshRequest;
import java.util.List;

/** Takes requests to read rows again. */
@FunctionalInterface
public interface RefreshQueue {

    /**
     * Sends requests; Kafka has them when this returns.
     *
     * @throws org.apache.kafka.common.KafkaException if that can't be said of all of them
     */
    void send(List<RefreshRequest> requests);
}
