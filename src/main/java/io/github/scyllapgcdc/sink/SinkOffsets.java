package io.github.scyllapgcdc.sink;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Kafka what is applied: the last record of each partition of the batch. Only for tools that show the group's lag; what
 * counts are the offsets in Postgres, so a failure here is no failure of the batch.
 */
public final class SinkOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(SinkOffsets.class);

    private final Assignments assignments;
    private final SinkRoutes routes;

    SinkOffsets(Assignments assignments, SinkRoutes routes) {
        this.assignments = assignments;
        this.routes = routes;
    }

    /** Commits the offsets of an applied batch. Runs on the consumer's thread. */
    @Handler
    public void commit(Exchange exchange) {
        BatchApplier.Result result = exchange.getProperty(SinkProperties.RESULT, BatchApplier.Result.class);
        List<Exchange> items = Batch.items(exchange);
        if (result != null) {
            Long published = items.isEmpty()
                    ? null
                    : items.get(items.size() - 1).getMessage().getHeader(KafkaConstants.TIMESTAMP, Long.class);
            routes.status(exchange.getFromRouteId()).applied(result, published == null ? 0 : published);
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Consumer<?, ?> consumer = null;
        for (Exchange item : items) {
            if (item.getMessage().getHeader(KafkaConstants.MANUAL_COMMIT) instanceof DefaultKafkaManualCommit commit) {
                consumer = commit.getCamelExchangePayload().consumer;
                offsets.put(commit.getPartition(), new OffsetAndMetadata(commit.getRecordOffset() + 1));
            }
        }
        assignments.done(Batch.group(exchange), offsets.keySet(), result == null ? 0 : result.deadLettersInARow());
        if (consumer == null) {
            throw new IllegalStateException("the Kafka consumer of route " + exchange.getFromRouteId()
                    + " needs allowManualCommit=true and batching=true");
        }
        try {
            // one request for all partitions, which the next poll sends along
            consumer.commitAsync(offsets, (committed, error) -> {
                if (error != null) {
                    LOG.info("Kafka offsets not committed, only the lag shown is late: {}", error.getMessage());
                }
            });
        } catch (KafkaException e) {
            LOG.info("Kafka offsets not committed, only the lag shown is late: {}", e.getMessage());
        }
    }
}
