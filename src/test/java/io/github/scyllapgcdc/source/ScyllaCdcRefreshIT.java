package io.github.scyllapgcdc.source;

import static io.github.scyllapgcdc.source.SourceTables.PATIENCE;
import static io.github.scyllapgcdc.source.SourceTables.awaitCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.refresh.RefreshRequest;
import io.github.scyllapgcdc.refresh.RefreshSender;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever asks for a key gets the row as it is now, in the topic of the table. */
class ScyllaCdcRefreshIT {
    private static SourceTables tables;
    private static SourceApplication application;
    private static RefreshSender sender;

    @BeforeAll
    static void start() throws Exception {
        tables = new SourceTables("refresh_it");
        application = new SourceApplication(tables.stack(), Map.of());
        Properties client = new Properties();
        client.put("bootstrap.servers", tables.stack().kafkaBootstrap());
        sender = RefreshSender.connect(client);
    }

    @AfterAll
    static void stop() {
        sender.close();
        application.close();
        tables.close();
    }

    private static byte[] keyOf(Published published, Object... key) {
        List<ConsumerRecord<byte[], byte[]>> records = published.records();
        List<ChangeEvent> events = published.events();
        for (int i = 0; i < events.size(); i++) {
            if (List.of(key)
                    .equals(Arrays.stream(events.get(i).key())
                            .filter(Objects::nonNull)
                            .toList())) {
                return records.get(i).key();
            }
        }
        throw new AssertionError("no event has the key " + List.of(key));
    }

    private static RefreshRequest request(TableId table, byte[] key) {
        return new RefreshRequest(table.topic(), key, "test");
    }

    /** Everything of one partition from some event on. */
    private static List<ChangeEvent> of(Published published, Object partition) {
        return published.events().stream()
                .filter(e -> e.key()[0].equals(partition))
                .toList();
    }

    @Test
    void aRowThatIsThereIsReadAndOneThatIsNotIsDeleted() throws Exception {
        // Given
        TableId table = tables.create("rows", "id bigint PRIMARY KEY, v text, w text");
        try (Published published = new Published(tables.stack(), table.topic())) {
            String route = application.add(table, "");
            tables.execute("INSERT INTO " + table + " (id, v, w) VALUES (1, 'one', 'w')");
            tables.execute("INSERT INTO " + table + " (id, v) VALUES (2, 'two')");
            tables.execute("UPDATE " + table + " USING TTL 5000 SET w = 'expires' WHERE id = 1");
            tables.execute("DELETE FROM " + table + " WHERE id = 2");
            awaitCount(published, 4);
            byte[] one = keyOf(published, 1L);
            byte[] two = keyOf(published, 2L);

            // When
            sender.send(List.of(request(table, one), request(table, two)));

            // Then
            awaitCount(published, 7);
            List<ChangeEvent> ofOne = of(published, 1L);
            assertThat(ofOne)
                    .extracting(ChangeEvent::op)
                    .containsExactly(Operation.CREATE, Operation.UPDATE, Operation.READ, Operation.UPDATE);
            assertThat(ofOne.get(2).values()).containsExactly("one", "expires");
            assertThat(ofOne.get(2).expiresAtMillis()).isNull();
            assertThat(ofOne.get(3).values()).containsExactly(null, "expires");
            assertThat(ofOne.get(3).expiresAtMillis()).isNotNull();
            assertThat(of(published, 2L))
                    .extracting(ChangeEvent::op)
                    .containsExactly(Operation.CREATE, Operation.DELETE, Operation.DELETE);
            assertThat(published.changeIds().stream().filter(id -> id.startsWith("refresh:")))
                    .hasSize(3)
                    .doesNotHaveDuplicates();
            assertThat(application.status(route).refreshed()).isEqualTo(2);
            assertThat(published.records().stream()
                            .filter(r -> Arrays.equals(r.key(), one))
                            .map(ConsumerRecord::partition)
                            .distinct())
                    .as("the partition that its changes are in")
                    .hasSize(1);
        }
    }

    @Test
    void ofAPartitionAllRowsAreReadBehindItsDelete() throws Exception {
        // Given
        TableId table = tables.create("partitions", "pk int, ck int, s text static, v text, PRIMARY KEY (pk, ck)");
        try (Published published = new Published(tables.stack(), table.topic())) {
            application.add(table, "");
            tables.execute("DELETE FROM " + table + " WHERE pk = 1");
            tables.execute("INSERT INTO " + table + " (pk, ck, v) VALUES (1, 1, 'a')");
            tables.execute("INSERT INTO " + table + " (pk, ck, v) VALUES (1, 2, 'b')");
            awaitCount(published, 3);

            // When
            sender.send(List.of(request(table, keyOf(published, 1))));

            // Then
            awaitCount(published, 7);
            List<ChangeEvent> refreshed = of(published, 1).subList(3, 7);
            assertThat(refreshed.get(0).isPartitionDelete()).isTrue();
            assertThat(refreshed.get(1).op()).isEqualTo(Operation.READ);
            assertThat(refreshed.get(1).isPartitionLevel()).as("static columns").isTrue();
            assertThat(refreshed.get(2).key()).containsExactly(1, 1);
            assertThat(refreshed.get(3).key()).containsExactly(1, 2);
        }
    }

    @Test
    void aWholeTableThatIsAskedForIsLoadedAgainOnceByEachTask() throws Exception {
        // Given a table of two tasks
        TableId table = tables.create("whole", "id bigint PRIMARY KEY, v text");
        tables.insert(table, 0, 50);
        try (Published published = new Published(tables.stack(), table.topic())) {
            List<String> routes = List.of(application.addTask(table, 0, 2), application.addTask(table, 1, 2));
            awaitCount(published, 50);

            // When it is asked for, and the tasks start anew while they may still be at it
            sender.send(List.of(RefreshRequest.ofTable(table.topic(), "test")));
            await().atMost(PATIENCE).until(() -> reads(published) > 0);
            for (String route : routes) {
                application.context().getRouteController().stopRoute(route);
                application.context().getRouteController().startRoute(route);
            }

            // Then each row is read, and what is written later follows
            await().atMost(PATIENCE).until(() -> reads(published) >= 50);
            tables.insert(table, 100, 110);
            await().atMost(PATIENCE)
                    .until(() -> published.events().stream()
                                    .filter(event -> (long) event.key()[0] >= 100)
                                    .count()
                            == 10);
            assertThat(reads(published)).as("once").isEqualTo(50);
        }
    }

    private static long reads(Published published) {
        return published.events().stream()
                .filter(event -> event.op() == Operation.READ)
                .count();
    }

    @Test
    void whatIsAskedForWhileTheSourceIsStoppedIsServedAfterwardsAndOnlyOnce() throws Exception {
        // Given
        TableId table = tables.create("stopped", "id bigint PRIMARY KEY, v text");
        try (Published published = new Published(tables.stack(), table.topic())) {
            String route = application.add(table, "");
            tables.insert(table, 0, 2);
            awaitCount(published, 2);
            application.context().getRouteController().stopRoute(route);

            // When
            sender.send(List.of(request(table, keyOf(published, 1L))));
            application.context().getRouteController().startRoute(route);
            awaitCount(published, 3);
            application.context().getRouteController().stopRoute(route);
            application.context().getRouteController().startRoute(route);
            tables.insert(table, 2, 3);

            // Then
            awaitCount(published, 4);
            assertThat(of(published, 1L)).extracting(ChangeEvent::op).containsExactly(Operation.CREATE, Operation.READ);
            assertThat(of(published, 2L)).extracting(ChangeEvent::op).containsExactly(Operation.CREATE);
        }
    }

    @Test
    void aRequestThatCannotBeReadIsADeadLetterAndTheNextIsServed() throws Exception {
        // Given
        TableId table = tables.create("letters", "id bigint PRIMARY KEY, v text");
        try (Published published = new Published(tables.stack(), table.topic());
                Published letters = new Published(tables.stack(), "dlq-scylla-source")) {
            application.add(table, "");
            tables.insert(table, 1, 2);
            awaitCount(published, 1);

            // When
            sender.send(List.of(request(table, new byte[] {1, 2, 3}), request(table, keyOf(published, 1L))));

            // Then
            awaitCount(published, 2);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(letters.records())
                            .extracting(letter -> new ObjectMapper().readTree(letter.value()))
                            .filteredOn(letter -> letter.path("table").asText().equals(table.toString()))
                            .singleElement()
                            .satisfies(letter -> assertThat(letter.path("cause").asText())
                                    .startsWith("the key 0x010203 of a request for a refresh (test) can't be read")));
        }
    }
}
