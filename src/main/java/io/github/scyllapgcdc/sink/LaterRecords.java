package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.deadletter.OriginalRecord;
import io.github.scyllapgcdc.deadletter.ReplayRefusedException;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventFormatException;
import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.sink.fold.Overlap;
import io.github.scyllapgcdc.topic.TopicConsumers;
import io.github.scyllapgcdc.topic.TopicConsumers.Lost;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Looks for records behind one, of its key or of its partition as a whole. What is found counts as applied, also if it is a
 * dead letter itself. Belongs to one thread.
 */
final class LaterRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final OriginalRecord record;
    private final TopicPartition partition;
    private final EventCodec codec;
    private final Overlap overlap;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * Begins behind a record.
     *
     * @param overlap tells of other keys whether they concern the record
     */
    LaterRecords(KafkaConfig kafka, OriginalRecord record, EventCodec codec, Overlap overlap) {
        this.record = record;
        this.partition = Batch.partition(record);
        this.codec = codec;
        this.overlap = overlap;
        this.consumer = TopicConsumers.committed(kafka.adminProperties(), Lost.THROW);
        consumer.assign(List.of(partition));
        consumer.seek(partition, record.offset() + 1);
    }

    /**
     * Looks on, up to an offset.
     *
     * @throws ReplayRefusedException if there is one, or if there may have been one that the topic no longer has
     */
    void requireNone(long until) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (consumer.position(partition) < until) {
                for (ConsumerRecord<byte[], byte[]> later : consumer.poll(POLL)) {
                    if (later.offset() >= until) {
                        consumer.seek(partition, until); // not applied yet, so it is for the next look
                        return;
                    }
                    requireOther(later);
                    deadline = System.nanoTime() + PATIENCE.toNanos();
                }
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("partition " + partition + " could not be read on from offset "
                            + consumer.position(partition) + " for " + PATIENCE.toSeconds() + " s");
                }
            }
        } catch (OffsetOutOfRangeException e) {
            throw new ReplayRefusedException(
                    "the topic no longer has all records behind " + record.position()
                            + ", so what was applied since is not known: leave out --raw",
                    e);
        }
    }

    private void requireOther(ConsumerRecord<byte[], byte[]> later) {
        Object[] key;
        try {
            key = codec.decodeKey(later.key());
        } catch (EventFormatException e) {
            return; // no event, so it was never applied
        } catch (RegistryException e) {
            if (e.isRetryable()) {
                throw e;
            }
            throw new ReplayRefusedException(
                    "whether the later record " + later.topic() + "-" + later.partition() + "@" + later.offset()
                            + " is of the same key is not known: " + e.getMessage(),
                    e);
        }
        if (overlap.with(key)) {
            throw new ReplayRefusedException("a later record concerns the same row, " + later.topic() + "-"
                    + later.partition() + "@" + later.offset() + ", which this would undo: leave out --raw");
        }
    }

    @Override
    public void close() {
        consumer.close(CLOSE);
    }
}
