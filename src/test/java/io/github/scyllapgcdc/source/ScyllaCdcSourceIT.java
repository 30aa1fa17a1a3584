package io.github.scyllapgcdc.source;

import static io.github.scyllapgcdc.source.SourceTables.PATIENCE;
import static io.github.scyllapgcdc.source.SourceTables.awaitCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.SourceStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The source against the embedded stack: what is written to ScyllaDB is in Kafka as it was meant. */
class ScyllaCdcSourceIT {
    private static SourceTables tables;
    private static SourceApplication application;

    @BeforeAll
    static void start() throws Exception {
        tables = new SourceTables("source_it");
        application = new SourceApplication(tables.stack(), Map.of());
    }

    @AfterAll
    static void stop() {
        application.close();
        tables.close();
    }

    @Test
    void insertsUpdatesAndDeletesArriveWithTheirKeyOperationAndChangedColumns() throws Exception {
        // Given
        TableId table = tables.create("ops", "id bigint PRIMARY KEY, email text, name text");
        try (Published published = new Published(tables.stack(), table.topic())) {
            String route = application.add(table, "");

            // When
            tables.execute("INSERT INTO " + table + " (id, email, name) VALUES (1, 'alice@example.com', 'Alice')");
            tables.execute("UPDATE " + table + " SET name = 'Alice Smith' WHERE id = 1");
            tables.execute("UPDATE " + table + " USING TTL 600 SET email = 'a@example.com' WHERE id = 1");
            tables.execute("UPDATE " + table + " SET email = null WHERE id = 1");
            tables.execute("DELETE FROM " + table + " WHERE id = 1");

            // Then
            awaitCount(published, 5);
            List<ChangeEvent> events = published.events();
            assertThat(events)
                    .extracting(ChangeEvent::op)
                    .containsExactly(
                            Operation.CREATE, Operation.UPDATE, Operation.UPDATE, Operation.UPDATE, Operation.DELETE);
            assertThat(events).allSatisfy(event -> assertThat(event.key()).containsExactly(1L));
            assertThat(events.get(0).values()).containsExactly("alice@example.com", "Alice");
            assertThat(events.get(0).expiresAtMillis()).isNull();
            assertThat(events.get(1).values()).containsExactly(null, "Alice Smith");
            assertThat(events.get(1).changed()).isEqualTo(bits(1));
            assertThat(events.get(2).expiresAtMillis())
                    .isEqualTo(events.get(2).source().tsMicros() / 1000 + 600_000);
            assertThat(events.get(3).values()).containsExactly(null, null);
            assertThat(events.get(3).changed()).isEqualTo(bits(0));
            assertThat(events.get(4).values()).isNull();
            assertThat(published.records())
                    .allSatisfy(r -> assertThat(r.partition()).isEqualTo(partition(bytes(1))));
            assertThat(published.changeIds()).doesNotHaveDuplicates();
            assertThat(published.changeIds())
                    .isEqualTo(events.stream().map(e -> e.source().changeId()).toList());
            assertThat(application.status(route).state()).isEqualTo(State.RUNNING);
            assertThat(application.status(route).changes()).isEqualTo(5);
        }
    }

    @Test
    void rowsOfOnePartitionAndItsDeleteShareAKafkaPartition() throws Exception {
        // Given
        TableId table = tables.create("parts", "a int, b text, c int, v text, PRIMARY KEY ((a, b), c)");
        try (Published published = new Published(tables.stack(), table.topic())) {
            application.add(table, "");

            // When
            tables.execute("BEGIN BATCH INSERT INTO %1$s (a, b, c, v) VALUES (1, 'x', 1, 'one'); ".formatted(table)
                    + "INSERT INTO %1$s (a, b, c, v) VALUES (1, 'x', 2, 'two'); APPLY BATCH".formatted(table));
            tables.execute("DELETE FROM " + table + " WHERE a = 1 AND b = 'x' AND c = 2");
            tables.execute("DELETE FROM " + table + " WHERE a = 1 AND b = 'x'");

            // Then
            awaitCount(published, 4);
            byte[] composite = {0, 4, 0, 0, 0, 1, 0, 0, 1, 'x', 0};
            assertThat(published.records())
                    .allSatisfy(r -> assertThat(r.partition()).isEqualTo(partition(composite)));
            assertThat(published.events())
                    .extracting(event -> List.of(event.op().code(), event.isPartitionDelete()))
                    .containsExactly(List.of("c", false), List.of("c", false), List.of("d", false), List.of("d", true));
            assertThat(published.events().get(2).key()).containsExactly(1, "x", 2);
            assertThat(published.events().get(3).key()).containsExactly(1, "x", null);
        }
    }

    @Test
    void everyScalarTypeArrives() throws Exception {
        // Given
        TableId table = tables.create(
                "types",
                "id uuid PRIMARY KEY, a ascii, b boolean, c tinyint, d smallint, e int, f float, g double, h decimal, "
                        + "i varint, j blob, k timeuuid, l timestamp, m date, n time, o inet, p duration");
        try (Published published = new Published(tables.stack(), table.topic())) {
            application.add(table, "");

            // When
            tables.execute("INSERT INTO " + table + " (id, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) VALUES "
                    + "(5b6962dd-3f90-4c93-8f61-eabfa4a803e2, 'x', true, -1, 2, 3, 1.5, 2.5, 1.10, 123456789012345678901,"
                    + " 0x00ff, 8ac6d1dc-fbeb-11e9-8f0b-362b9e155667, '2026-01-02T03:04:05.678Z', '2026-01-02', "
                    + "'03:04:05.000000006', '10.0.0.1', 1mo2d3s)");

            // Then
            awaitCount(published, 1);
            Object[] values = published.events().get(0).values();
            assertThat(published.events().get(0).key()).containsExactly("5b6962dd-3f90-4c93-8f61-eabfa4a803e2");
            assertThat(values)
                    .containsExactly(
                            "x",
                            true,
                            -1,
                            2,
                            3,
                            1.5f,
                            2.5,
                            new java.math.BigDecimal("1.10"),
                            new java.math.BigDecimal("123456789012345678901"),
                            ByteBuffer.wrap(new byte[] {0, (byte) 0xff}),
                            "8ac6d1dc-fbeb-11e9-8f0b-362b9e155667",
                            1_767_323_045_678L,
                            20_455,
                            11_045_000_000_006L,
                            "10.0.0.1",
                            "P1M2DT3S");
        }
    }

    @Test
    void aColumnThatIsAddedWhileItRunsArrives() throws Exception {
        // Given
        TableId table = tables.create("grows", "id bigint PRIMARY KEY, v text");
        try (Published published = new Published(tables.stack(), table.topic())) {
            application.add(table, "");
            tables.insert(table, 0, 1);
            awaitCount(published, 1);

            // When
            tables.execute("ALTER TABLE " + table + " ADD added int");
            tables.execute("INSERT INTO " + table + " (id, v, added) VALUES (1, 'x', 7)");

            // Then
            awaitCount(published, 2);
            ChangeEvent last = published.events().stream()
                    .filter(e -> e.key()[0].equals(1L))
                    .findFirst()
                    .orElseThrow();
            assertThat(last.schema().valueColumns()).extracting(c -> c.name()).containsExactly("added", "v");
            assertThat(last.values()).containsExactly(7, "x");
        }
    }

    @Test
    void whatCannotBePublishedIsADeadLetterAndTheRestIsPublished() throws Exception {
        // Given
        TableId table = tables.create("letters", "pk int, ck int, v text, PRIMARY KEY (pk, ck)");
        try (Published published = new Published(tables.stack(), table.topic());
                Published letters = new Published(tables.stack(), "dlq-scylla-source")) {
            String route = application.add(table, "");

            // When
            tables.cql().execute("INSERT INTO " + table + " (pk, ck, v) VALUES (1, 1, ?)", "x".repeat(1_100_000));
            tables.execute("INSERT INTO " + table + " (pk, ck, v) VALUES (1, 2, 'fits')");

            // Then
            awaitCount(published, 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(lettersOf(letters, table)).hasSize(1));
            assertThat(published.events().get(0).key()).containsExactly(1, 2);
            JsonNode letter = lettersOf(letters, table).get(0);
            assertThat(letter.path("cause").asText()).contains("too large for Kafka");
            assertThat(letter.path("key").path("pk").asText()).isEqualTo("1");
            assertThat(application.status(route).deadLetters()).isEqualTo(1);
        }
    }

    private static List<JsonNode> lettersOf(Published letters, TableId table) {
        return letters.records().stream()
                .map(r -> {
                    try {
                        return new ObjectMapper().readTree(r.value());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .filter(letter -> letter.path("table").asText().equals(table.toString()))
                .toList();
    }

    @Test
    void aTableThatIsMissingOrHasNoLogIsNamedWithItsRemedyAndPickedUpOnceItIsThere() throws Exception {
        // Given
        TableId table = tables.id("later");
        try (Published published = new Published(tables.stack(), table.topic())) {
            // When
            String route = application.add(table, "");

            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(application.status(route).reason())
                            .isEqualTo("table source_it.later does not exist in ScyllaDB; create it, or correct the "
                                    + "route's scylla-cdc: address"));
            assertThat(application.status(route).up()).isFalse();

            // When
            tables.execute("CREATE TABLE " + table + " (id bigint PRIMARY KEY, v text)");

            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(application.status(route).reason())
                            .isEqualTo("table source_it.later has no CDC log; switch it on with ALTER TABLE "
                                    + "source_it.later WITH cdc = {'enabled': true}"));

            // When
            tables.execute("ALTER TABLE " + table + " WITH cdc = {'enabled': true}");
            tables.insert(table, 0, 3);

            // Then
            awaitCount(published, 3);
        }
    }

    @Test
    void aRouteWhoseKafkaStepWouldLoseOrRepeatChangesIsRefused() throws Exception {
        // Given
        TableId table = tables.create("unsafe", "id bigint PRIMARY KEY, v text");

        // When
        String route = application.add(table, 0, 1, "", "transactionalId: somebody-elses");

        // Then
        await().atMost(PATIENCE).until(() -> application.status(route).state() == State.BLOCKED);
        assertThat(application.status(route).reason())
                .startsWith("route scylla-source-unsafe: its kafka step has transactionalId=somebody-elses, expected "
                        + "scylla-source-source_it.unsafe-0");
    }

    private static int partition(byte[] partitionKey) {
        return Utils.toPositive(Utils.murmur2(partitionKey)) % 3;
    }

    private static byte[] bytes(long bigint) {
        return ByteBuffer.allocate(Long.BYTES).putLong(bigint).array();
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }
}
