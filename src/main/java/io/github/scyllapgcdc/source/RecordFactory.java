package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.deadletter.DeadLetterHeaders;
import io.github.scyllapgcdc.deadletter.DeadLetterTopic;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EncodedEvent;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventFormatException;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.RecordHeaders;
import io.github.scyllapgcdc.progress.ProgressRecord;
import io.github.scyllapgcdc.progress.ProgressTopic;
import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.source.checkpoint.CheckpointJson;
import io.github.scyllapgcdc.source.checkpoint.CheckpointRecord;
import io.github.scyllapgcdc.source.kafka.KeyPartitioner;
import io.github.scyllapgcdc.source.kafka.SourceTopics;
import io.github.scyllapgcdc.source.log.LogChange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;

/** Makes Kafka records of changes and checkpoints, in the form that Camel's kafka node takes. Belongs to one thread. */
class RecordFactory {
    private final CamelContext context;
    private final EventCodec codec;
    private final KeyPartitioner partitioner;
    private final DeadLetters deadLetters;
    private final int largest;

    /**
     * A factory.
     *
     * @param largest most bytes of key and value together; larger changes go to the dead-letter topic
     */
    RecordFactory(
            CamelContext context, EventCodec codec, KeyPartitioner partitioner, DeadLetters deadLetters, int largest) {
        this.context = context;
        this.codec = codec;
        this.partitioner = partitioner;
        this.deadLetters = deadLetters;
        this.largest = largest;
    }

    /** The record of a change, which is a dead letter if the change can't be encoded or is too large. */
    Outgoing change(LogChange.Change change) {
        ChangeEvent event = change.event();
        EncodedEvent encoded;
        try {
            encoded = codec.encode(event);
        } catch (EventFormatException e) {
            return deadLetter(change, "the event can't be encoded: " + e.getMessage());
        } catch (RegistryException e) {
            throw e.reason() == RegistryException.Reason.REJECTED ? incompatible(event, e) : e;
        }
        int bytes = encoded.key().length + encoded.value().length;
        if (bytes > largest) {
            return deadLetter(
                    change,
                    "the event is too large for Kafka: " + bytes + " bytes, at most " + largest
                            + " fit (max.request.size of the producer, max.message.bytes of the topic)");
        }
        Message message = new RecordMessage(context);
        message.setBody(encoded.value());
        message.setHeader(KafkaConstants.KEY, encoded.key());
        message.setHeader(KafkaConstants.PARTITION_KEY, partitioner.partition(change.partitionKey()));
        message.setHeader(RecordHeaders.CHANGE_ID, event.source().changeId());
        return new Outgoing(message, bytes, Optional.of(event.op()));
    }

    /** Waiting does not help: somebody has to decide whether readers of older changes still count. */
    private static SourceException incompatible(ChangeEvent event, RegistryException refusal) {
        String topic = event.schema().table().topic();
        return new SourceException(
                SourceException.Kind.STOP,
                "table " + event.schema().table() + " has a schema that readers of its older changes can't follow: "
                        + refusal.getMessage()
                        + ". Undo the change of schema, or let it pass by setting the registry's "
                        + "compatibility level to NONE, of " + topic + "-key and " + topic + "-value or, with "
                        + "Apicurio, the global one; then start the route again",
                refusal);
    }

    private Outgoing deadLetter(LogChange.Change change, String reason) {
        ChangeEvent event = change.event();
        return deadLetter(
                event.source().changeId(),
                event.op().code(),
                change.partitionKey(),
                recordKey(event.schema(), event.key()),
                reason);
    }

    /** The record of a change that could not even be decoded. */
    Outgoing undecodable(LogChange.Undecodable change) {
        return deadLetter(
                change.changeId(), change.operationName(), change.key(), recordKey(change.key()), change.reason());
    }

    /** The record of a row that could be read from the table but not be made an event of. */
    Outgoing unreadable(String changeId, List<ByteBuffer> key, String reason) {
        return deadLetter(changeId, Operation.READ.code(), key, recordKey(key), reason);
    }

    /** The dead letter of a request that can't be served. */
    Outgoing refused(String requestId, String reason) {
        return deadLetter(requestId, "refresh", List.of(), Optional.empty(), reason);
    }

    /** By the row's key, where it can be read, the row can be asked for when somebody replays the letter. */
    private Optional<byte[]> recordKey(List<ByteBuffer> key) {
        return deadLetters.values(key).flatMap(values -> recordKey(deadLetters.schema(), values));
    }

    private Optional<byte[]> recordKey(EventSchema schema, Object[] key) {
        try {
            return Optional.of(codec.encodeKey(schema, key));
        } catch (EventFormatException e) {
            return Optional.empty();
        } catch (RegistryException e) {
            if (e.isRetryable()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private Outgoing deadLetter(
            String changeId, String operation, List<ByteBuffer> key, Optional<byte[]> recordKey, String reason) {
        String table = deadLetters.schema().table().toString();
        // several tables may have changes of one id, of a batch or of the same load
        byte[] id = (table + '/' + changeId).getBytes(StandardCharsets.UTF_8);
        byte[] value = deadLetters.json(changeId, operation, key, reason);
        Message message = to(context, DeadLetterTopic.SOURCE, id, value);
        message.setHeader(RecordHeaders.CHANGE_ID, changeId);
        message.setHeader(DeadLetterHeaders.CHANGE_ID, changeId);
        message.setHeader(DeadLetterHeaders.TOPIC, table);
        message.setHeader(DeadLetterHeaders.ERROR_MESSAGE, reason);
        message.setHeader(DeadLetterHeaders.TIME, Instant.now().toString());
        recordKey.ifPresent(bytes -> message.setHeader(DeadLetterHeaders.KEY, bytes));
        return new Outgoing(
                message,
                id.length + value.length + recordKey.map(bytes -> bytes.length).orElse(0),
                Optional.empty());
    }

    /** The record of a checkpoint. */
    Message checkpoint(CheckpointRecord checkpoint) {
        return checkpoint(context, checkpoint);
    }

    /** The record of a checkpoint, which needs nothing to be known of the table. */
    static Message checkpoint(CamelContext context, CheckpointRecord checkpoint) {
        return to(context, SourceTopics.CHECKPOINTS, CheckpointJson.key(checkpoint), CheckpointJson.value(checkpoint));
    }

    /** The record that tells readers of the topic how far the table's source has come. */
    static Message progress(CamelContext context, ProgressRecord progress) {
        return to(context, ProgressTopic.NAME, progress.key(), progress.value());
    }

    Message progress(ProgressRecord progress) {
        return progress(context, progress);
    }

    private static Message to(CamelContext context, String topic, byte[] key, byte[] value) {
        Message message = new RecordMessage(context);
        message.setBody(value);
        message.setHeader(KafkaConstants.OVERRIDE_TOPIC, topic);
        message.setHeader(KafkaConstants.KEY, key);
        message.setHeader(KafkaConstants.PARTITION_KEY, 0);
        return message;
    }
}
