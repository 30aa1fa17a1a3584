package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.deadletter.OriginalRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;

/**
 * The records that a Kafka consumer hands to a route at once.
 *
 * @param group the consumer group
 * @param records in the order they were read; within a partition that is the order of their offsets, but for records that were
 *     read twice
 * @param firstOffsets the lowest offset of each partition
 */
record Batch(String group, List<OriginalRecord> records, Map<TopicPartition, Long> firstOffsets) {

    /**
     * The batch in an exchange of camel-kafka's batching consumer.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Batch of(Exchange exchange) {
        List<OriginalRecord> records = new ArrayList<>();
        Map<TopicPartition, Long> firstOffsets = new LinkedHashMap<>();
        for (Exchange item : items(exchange)) {
            OriginalRecord record = record(item.getMessage());
            records.add(record);
            firstOffsets.merge(partition(record), record.offset(), Math::min);
        }
        return new Batch(group(exchange), records, firstOffsets);
    }

    /** The consumer group that an exchange was read for. */
    static String group(Exchange exchange) {
        if (exchange.getFromEndpoint() instanceof KafkaEndpoint endpoint
                && endpoint.getConfiguration().getGroupId() != null) {
            return endpoint.getConfiguration().getGroupId();
        }
        throw new IllegalArgumentException(
                "postgres-sink applies what a Kafka consumer with a groupId reads, and this came from "
                        + exchange.getFromEndpoint());
    }

    /** The exchanges of a batch, one a record. */
    static List<Exchange> items(Exchange exchange) {
        List<Exchange> items = new ArrayList<>();
        if (!(exchange.getMessage().getBody() instanceof List<?> list)) {
            throw new IllegalArgumentException("postgres-sink takes the batches of a consumer with batching=true");
        }
        for (Object item : list) {
            items.add((Exchange) item);
        }
        return items;
    }

    static TopicPartition partition(OriginalRecord record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private static OriginalRecord record(Message message) {
        return new OriginalRecord(
                message.getHeader(KafkaConstants.TOPIC, String.class),
                message.getHeader(KafkaConstants.PARTITION, Integer.class),
                message.getHeader(KafkaConstants.OFFSET, Long.class),
                (byte[]) message.getHeader(KafkaConstants.KEY),
                (byte[]) message.getBody(),
                (Headers) message.getHeader(KafkaConstants.HEADERS));
    }
}
