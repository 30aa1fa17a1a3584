package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Kafka delivers again what was applied, while newer changes arrive: the fence alone keeps it from being applied again. */
class RedeliveryFaultIT extends SinkTestSupport {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final int ROWS = 3_000;
    private static final int SEEKS = 8;
    private static final int BATCHES_BETWEEN = 3;

    /** How often each record was delivered, by its partition and offset. */
    private final Map<Place, Integer> deliveries = new ConcurrentHashMap<>();

    private final AtomicInteger seeks = new AtomicInteger();
    private int batches;

    private record Place(int partition, long offset) {}

    @Test
    void whatIsDeliveredAgainBehindNewerChangesIsAppliedOnce() throws Exception {
        // Given rows that are applied
        createUsers(table("users"));
        audit(table("users"));
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        sink(Map.of("sink.batch.size", "200"), this::delivered, topic);
        for (long i = 0; i < ROWS; i++) {
            topic.send(users.insert(List.of(i), Map.of("name", "old")));
        }
        settle(topic);

        // When the running consumer goes back to the topic's beginning, again and again, while each row is updated
        seeks.set(SEEKS);
        for (long i = 0; i < ROWS; i++) {
            topic.send(users.update(List.of(i), Map.of("name", "new")));
            if (i % 100 == 0) {
                topic.flush();
            }
        }
        settle(topic);
        assertThat(seeks).as("seeks that are left").hasValue(0);

        // And once more when all is applied
        seeks.set(1);
        await().atMost(LANDS).untilAsserted(() -> {
            topic.send(users.insert(List.of((long) ROWS), Map.of("name", "so that there are batches")));
            assertThat(seeks).hasValue(0);
        });

        // Then every record was delivered twice and more
        await("all is delivered again")
                .atMost(LANDS)
                .until(() ->
                        deliveries.values().stream().filter(times -> times > 1).count() >= 2 * ROWS);
        settle(topic);

        // And each change of each row was applied once, in its order
        String changes = "SELECT op, count(*), count(DISTINCT id) FROM " + keyspace + ".audit WHERE id <> '" + ROWS
                + "' GROUP BY op ORDER BY op";
        String each = Integer.toString(ROWS);
        assertThat(query(changes)).containsExactly(List.of("INSERT", each, each), List.of("UPDATE", each, each));
        assertThat(value("SELECT count(*) FROM " + table("users") + " WHERE name = 'new'"))
                .isEqualTo(each);
    }

    /** In the consumer's thread: notes what a batch has, and now and then sends the consumer back. */
    private void delivered(Exchange batch) {
        List<Exchange> items = Batch.items(batch);
        items.forEach(item -> deliveries.merge(
                new Place(
                        item.getMessage().getHeader(KafkaConstants.PARTITION, Integer.class),
                        item.getMessage().getHeader(KafkaConstants.OFFSET, Long.class)),
                1,
                Integer::sum));
        batches++;
        if (seeks.get() > 0 && batches % BATCHES_BETWEEN == 0) {
            seeks.decrementAndGet();
            Consumer<?, ?> consumer = items.stream()
                    .map(item -> item.getMessage().getHeader(KafkaConstants.MANUAL_COMMIT))
                    .filter(Objects::nonNull)
                    .map(commit -> ((DefaultKafkaManualCommit) commit).getConsumer())
                    .findFirst()
                    .orElseThrow();
            List<TopicPartition> partitions = List.copyOf(consumer.assignment());
            consumer.seekToBeginning(partitions);
        }
    }
}
