package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.deadletter.DeadLetter;
import io.github.scyllapgcdc.deadletter.OriginalRecord;
import io.github.scyllapgcdc.deadletter.RecordReplay;
import io.github.scyllapgcdc.deadletter.ReplayRefusedException;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventFormatException;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.sink.fold.Overlap;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Applies a dead-lettered record itself, behind the fence that has passed it, if nothing that was applied since concerns the
 * same row. Most of what was applied since is looked through before the fence is locked, so that the table waits for the rest
 * alone.
 */
final class RawReplay implements RecordReplay {
    private final DataSource dataSource;
    private final KafkaConfig kafka;
    private final KafkaAdmin admin;
    private final Sink sink;

    RawReplay(DataSource dataSource, KafkaConfig kafka, KafkaAdmin admin, Sink sink) {
        this.dataSource = dataSource;
        this.kafka = kafka;
        this.admin = admin;
        this.sink = sink;
    }

    @Override
    public void apply(OriginalRecord record, String topicId, String group) {
        requireTopic(record.topic(), topicId);
        EventCodec codec = new EventCodec(sink.schemaRegistry());
        ChangeEvent event = decode(codec, record);
        Overlap overlap = new Overlap(event.key(), event.schema().partitionKeySize());
        try (Connection connection = dataSource.getConnection();
                LaterRecords later = new LaterRecords(kafka, record, codec, overlap)) {
            later.requireNone(Transactions.run(connection, () -> applied(connection, record, topicId, group)));
            Transactions.run(connection, () -> {
                later.requireNone(applied(connection, record, topicId, group));
                return applyAgain(connection, codec, record, group);
            });
        } catch (SQLException | TableStoppedException | ResumeException e) {
            throw new ReplayRefusedException("it cannot be applied: " + ErrorTaxonomy.reason(e), e);
        }
    }

    /** The fence, locked until the transaction ends: every record before this offset is applied. */
    private static long applied(Connection connection, OriginalRecord record, String topicId, String group)
            throws SQLException {
        TopicPartition partition = Batch.partition(record);
        Fence.Position position =
                Fence.lock(connection, group, Set.of(partition)).get(partition);
        if (position == null) {
            throw new ReplayRefusedException("cdc_metadata.sink_offsets has no row of partition " + partition
                    + " and group " + group + ", so what was applied since is not known: leave out --raw");
        }
        if (position.topicId() != null && !position.topicId().toString().equals(topicId)) {
            throw recreated(record.topic());
        }
        if (position.nextOffset() <= record.offset()) {
            throw new ReplayRefusedException(record.position() + " is still to be applied, the sink is at offset "
                    + position.nextOffset() + ": wait for it");
        }
        return position.nextOffset();
    }

    private Void applyAgain(Connection connection, EventCodec codec, OriginalRecord record, String group)
            throws SQLException {
        Batch batch = new Batch(group, List.of(record), Map.of(Batch.partition(record), record.offset()));
        try {
            List<DeadLetter> refused = new BatchApplier(connection, codec, sink, batch).applyAgain(sink.refreshes());
            if (!refused.isEmpty()) {
                throw new ReplayRefusedException("PostgreSQL still refuses it: "
                        + refused.get(0).message()
                        + refused.get(0)
                                .sqlState()
                                .map(s -> " (SQLSTATE " + s + ")")
                                .orElse(""));
            }
            return null;
        } catch (SQLException | RuntimeException e) {
            sink.tables().forget(); // tables that the transaction made are not there
            throw e;
        }
    }

    private static ChangeEvent decode(EventCodec codec, OriginalRecord record) {
        try {
            return codec.decode(record.key(), record.value());
        } catch (EventFormatException e) {
            throw new ReplayRefusedException("it is no event: " + e.getMessage(), e);
        } catch (RegistryException e) {
            if (e.isRetryable()) {
                throw e;
            }
            throw new ReplayRefusedException("it is no event that can be read: " + e.getMessage(), e);
        }
    }

    /** Offsets of another topic of the same name mean nothing. */
    private void requireTopic(String topic, String topicId) {
        try {
            Uuid now = admin.get()
                    .describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .topicId();
            if (!new UUID(now.getMostSignificantBits(), now.getLeastSignificantBits())
                    .toString()
                    .equals(topicId)) {
                throw recreated(topic);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new ReplayRefusedException(
                        "topic " + topic + " is gone, so what was applied since is not known", e);
            }
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    private static ReplayRefusedException recreated(String topic) {
        return new ReplayRefusedException("topic " + topic
                + " was recreated since, so what was applied to the row is not known: leave out --raw");
    }
}
