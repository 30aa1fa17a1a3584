package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.metrics.Meters;
import io.github.scyllapgcdc.metrics.SourceMeters;
import io.github.scyllapgcdc.metrics.Tally;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;

/**
 * Hands batches to the route and judges what became of them: no exception on the exchange is the only success. The commit
 * comes last, after the route's error handler, so nothing but the exchange itself tells of it.
 */
final class BatchSender {
    private final ScyllaCdcConsumer consumer;
    private final SourceMeters meters;
    private final SourceTrace trace;

    BatchSender(ScyllaCdcConsumer consumer, SourceTrace trace) {
        this.consumer = consumer;
        this.trace = trace;
        this.meters = Meters.of(consumer.getEndpoint().getCamelContext())
                .source(consumer.options().table().topic());
    }

    /** What counts the task's batches. */
    SourceMeters meters() {
        return meters;
    }

    /** Sends what has gathered in a batch, which is empty afterwards, and counts it; fails as {@link #send(List)} does. */
    void publish(Batch batch) {
        int changes = batch.changes();
        int deadLetters = batch.deadLetters();
        Tally tally = batch.tally();
        List<Message> messages = batch.take();
        int records = messages.size();
        long began = System.nanoTime();
        send(messages);
        meters.published(tally, records, System.nanoTime() - began);
        consumer.status().batchPublished(changes, deadLetters);
    }

    /**
     * Sends one transaction and waits for its commit.
     *
     * @throws BatchFailedException if it is not known to be committed; it may be all the same
     */
    void send(List<Message> batch) {
        Exchange exchange = consumer.createExchange(false);
        try {
            exchange.getMessage().setBody(batch);
            List<Span> sampled = trace.sending(exchange, batch);
            Exception failure = null;
            consumer.status().sending();
            try {
                consumer.getProcessor().process(exchange);
            } catch (Exception e) {
                failure = e;
            }
            consumer.status().sent();
            if (exchange.getException() != null) {
                failure = exchange.getException();
            } else if (failure == null) {
                failure = swallowed(exchange);
            }
            SourceTrace.sent(sampled, failure);
            if (failure != null) {
                throw new BatchFailedException(failure);
            }
        } finally {
            consumer.releaseExchange(exchange, false);
        }
    }

    /** An onException with handled(true) in the route makes Kafka commit the part of the batch that was sent. */
    private static Exception swallowed(Exchange exchange) {
        Exception caught = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
        if (caught == null && exchange.isRollbackOnly()) {
            return new IllegalStateException("the route marked the batch for rollback");
        }
        return caught;
    }
}
