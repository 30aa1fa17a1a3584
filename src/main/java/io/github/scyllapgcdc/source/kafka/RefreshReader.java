package io.github.scyllapgcdc.source.kafka;

import io.github.scyllapgcdc.refresh.RefreshRequest;
import io.github.scyllapgcdc.refresh.RefreshTopic;
import io.github.scyllapgcdc.topic.TopicConsumers;
import io.github.scyllapgcdc.topic.TopicConsumers.Lost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Follows the requests to read rows again, from a position that the caller keeps. Belongs to one thread. */
public final class RefreshReader implements AutoCloseable {
    private static final TopicPartition PARTITION = new TopicPartition(RefreshTopic.NAME, 0);
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** A request and its offset, which names it. */
    public record Numbered(long offset, RefreshRequest request) {}

    /**
     * Follows from an offset on, or if there is none from the topic's end. Where retention has taken the offset, from the
     * oldest request there is.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka can't be reached
     */
    public RefreshReader(Properties client, OptionalLong from) {
        this.consumer = TopicConsumers.committed(client, Lost.EARLIEST);
        consumer.assign(List.of(PARTITION));
        if (from.isPresent()) {
            consumer.seek(PARTITION, from.getAsLong());
        } else {
            consumer.seek(PARTITION, consumer.endOffsets(List.of(PARTITION)).get(PARTITION));
        }
    }

    /** The offset behind everything that {@link #poll} has returned. */
    public long position() {
        return consumer.position(PARTITION);
    }

    /** Goes back to the first request that came at this time or later, milliseconds since 1970, unless it is still to come. */
    public void backTo(long millis) {
        OffsetAndTimestamp first =
                consumer.offsetsForTimes(Map.of(PARTITION, millis)).get(PARTITION);
        if (first != null && first.offset() < position()) {
            consumer.seek(PARTITION, first.offset());
        }
    }

    /** What has arrived, without waiting for more. */
    public List<Numbered> poll() {
        List<Numbered> found = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> arrived : consumer.poll(Duration.ZERO)) {
            RefreshRequest.of(arrived).ifPresent(request -> found.add(new Numbered(arrived.offset(), request)));
        }
        return found;
    }

    @Override
    public void close() {
        consumer.close(CLOSE);
    }
}
