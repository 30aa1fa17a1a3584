package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.metrics.Meters;
import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/** Seeks what a consumer is assigned to the stored offsets, before it reads anything. */
final class SeekingListener implements ConsumerRebalanceListener {
    private final Consumer<?, ?> consumer;
    private final ConsumerRebalanceListener camels;
    private final FenceAssignment fence;
    private final SinkRetry retry;
    private final Meters meters;
    private final String group;
    private final String routeId;

    SeekingListener(
            Consumer<?, ?> consumer,
            ConsumerRebalanceListener camels,
            FenceAssignment fence,
            SinkRetry retry,
            Meters meters,
            String group,
            String routeId) {
        this.consumer = consumer;
        this.camels = camels;
        this.fence = fence;
        this.retry = retry;
        this.meters = meters;
        this.group = group;
        this.routeId = routeId;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        fence.revoked(consumer, group, partitions);
        camels.onPartitionsRevoked(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        fence.revoked(consumer, group, partitions);
        camels.onPartitionsLost(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        camels.onPartitionsAssigned(partitions);
        partitions.stream()
                .map(TopicPartition::topic)
                .distinct()
                .forEach(topic -> meters.sink(topic).rebalanced());
        long since = System.nanoTime();
        if (partitions.isEmpty() && consumer.assignment().isEmpty()) {
            retry.assigned(routeId, 0, Optional.empty());
        }
        boolean done = partitions.isEmpty();
        while (!done) {
            try {
                Optional<String> noticed = fence.seek(consumer, group, partitions);
                retry.assigned(routeId, consumer.assignment().size(), noticed);
                done = true;
            } catch (WakeupException | InterruptException e) {
                throw e;
            } catch (Exception e) {
                done = giveUp(e, since);
            }
        }
    }

    /** Waits for the next attempt; if there is to be none, sees to it that nothing is read from a place that is not stored. */
    private boolean giveUp(Exception error, long since) {
        try {
            retry.afterFailure(routeId, error, since);
            return false;
        } catch (TableStoppedException e) {
            consumer.pause(consumer.assignment());
            consumer.seekToBeginning(consumer.assignment());
            return true;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (Exception e) {
            throw new KafkaException("stored offsets not read: " + ErrorTaxonomy.reason(e), e);
        }
    }
}
