package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventFormatException;
import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import io.github.scyllapgcdc.topic.TopicConsumers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** A table's topic, for which keys anything is in it. May be used by several threads. */
final class TopicChanges implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    /** An end that is older is asked for anew; a change that comes behind it is looked at for nothing, and no harm done. */
    private static final Duration FRESH = Duration.ofMillis(250);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final RowForm rows;
    private final List<TopicPartition> partitions;
    private Map<TopicPartition, Long> ends;
    private long endsNanos;

    TopicChanges(KafkaConfig kafka, SchemaRegistry registry, TableForm form) {
        this.codec = new EventCodec(registry);
        this.rows = new RowForm(form);
        this.consumer = TopicConsumers.committed(kafka.adminProperties(), TopicConsumers.Lost.THROW);
        try {
            this.partitions = consumer.partitionsFor(form.schema().table().topic()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
        } catch (KafkaException e) {
            consumer.close(CLOSE);
            throw e;
        }
    }

    /** Now, or a moment ago. */
    synchronized Moment now() {
        long now = System.nanoTime();
        if (ends == null || now - endsNanos > FRESH.toNanos()) {
            ends = Map.copyOf(consumer.endOffsets(partitions));
            endsNanos = now;
        }
        return new Moment(System.currentTimeMillis(), ends);
    }

    /**
     * Which of some keys the topic has a change of, or of their whole partition.
     *
     * @param from where to begin
     * @param until where to end, exclusively
     * @return their ids; empty if the topic no longer has everything from there on, so that nothing can be said
     */
    synchronized Optional<Set<ByteBuffer>> among(
            Collection<RowKey> keys, Map<TopicPartition, Long> from, Map<TopicPartition, Long> until) {
        Wanted wanted = new Wanted(keys);
        Map<TopicPartition, Long> open = new HashMap<>(from);
        open.keySet().removeIf(partition -> from.get(partition) >= until.getOrDefault(partition, 0L));
        consumer.assign(open.keySet());
        open.forEach(consumer::seek);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!open.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> change : consumer.poll(POLL)) {
                    TopicPartition partition = new TopicPartition(change.topic(), change.partition());
                    if (change.offset() < until.get(partition)) {
                        wanted.look(change.key());
                    }
                    deadline = System.nanoTime() + PATIENCE.toNanos();
                }
                open.keySet().removeIf(partition -> consumer.position(partition) >= until.get(partition));
                consumer.pause(consumer.assignment().stream()
                        .filter(partition -> !open.containsKey(partition))
                        .toList());
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("topic " + partitions.get(0).topic() + " could not be read on for "
                            + PATIENCE.toSeconds() + " s");
                }
            }
        } catch (OffsetOutOfRangeException e) {
            return Optional.empty();
        } finally {
            consumer.unsubscribe();
        }
        return Optional.of(wanted.seen);
    }

    /** Keys, by themselves and by their partitions. */
    private final class Wanted {
        private final Map<ByteBuffer, Set<ByteBuffer>> byPartition = new HashMap<>();
        private final Set<ByteBuffer> ids = new HashSet<>();
        private final Set<ByteBuffer> seen = new HashSet<>();

        Wanted(Collection<RowKey> keys) {
            for (RowKey key : keys) {
                ids.add(key.id());
                byPartition
                        .computeIfAbsent(rows.partition(key).id(), id -> new HashSet<>())
                        .add(key.id());
            }
        }

        void look(byte[] recordKey) {
            Object[] values;
            try {
                values = codec.decodeKey(recordKey);
            } catch (EventFormatException e) {
                return; // no event, so it was never applied
            } catch (RegistryException e) {
                if (e.isRetryable()) {
                    throw e;
                }
                return;
            }
            ByteBuffer id = rows.key(values).id();
            if (ids.contains(id)) {
                seen.add(id);
            }
            seen.addAll(byPartition.getOrDefault(id, Set.of()));
        }
    }

    @Override
    public void close() {
        consumer.close(CLOSE);
    }
}
