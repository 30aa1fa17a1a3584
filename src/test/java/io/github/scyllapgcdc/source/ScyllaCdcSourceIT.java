package io.github.scyllapgcdc.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.SourceStatus.State;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The source against the embedded stack: what is written to ScyllaDB is in Kafka, once. */
class ScyllaCdcSourceIT {
    private static final String KEYSPACE = "source_it";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static StackEndpoints stack;
    private static CqlSession cql;

    @BeforeAll
    static void connect() {
        stack = TestStack.get().endpoints();
        cql = CqlSession.builder()
                .addContactPoint(new InetSocketAddress(stack.scyllaHost(), stack.scyllaPort()))
                .withLocalDatacenter(stack.scyllaDatacenter())
                .build();
        cql.execute("CREATE KEYSPACE IF NOT EXISTS " + KEYSPACE
                + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    }

    @AfterAll
    static void disconnect() {
        cql.close();
    }

    private static TableId table(String name, String columns) {
        TableId table = new TableId(KEYSPACE, name);
        cql.execute("CREATE TABLE " + table + " (" + columns + ") WITH cdc = {'enabled': true}");
        return table;
    }

    @Test
    void insertsUpdatesAndDeletesArriveWithTheirKeyOperationAndChangedColumns() throws Exception {
        // Given
        TableId table = table("ops", "id bigint PRIMARY KEY, email text, name text");
        try (SourceApplication application = new SourceApplication(stack, Map.of());
                Published published = new Published(stack, table.topic())) {
            String route = application.add(table, "");

            // When
            cql.execute("INSERT INTO " + table + " (id, email, name) VALUES (1, 'alice@example.com', 'Alice')");
            cql.execute("UPDATE " + table + " SET name = 'Alice Smith' WHERE id = 1");
            cql.execute("UPDATE " + table + " USING TTL 600 SET email = null WHERE id = 1");
            cql.execute("DELETE FROM " + table + " WHERE id = 1");

            // Then
            await().atMost(PATIENCE).until(() -> published.count() >= 4);
            List<ChangeEvent> events = published.events();
            assertThat(events)
                    .extracting(ChangeEvent::op)
                    .containsExactly(Operation.CREATE, Operation.UPDATE, Operation.UPDATE, Operation.DELETE);
            assertThat(events).allSatisfy(event -> assertThat(event.key()).containsExactly(1L));
            assertThat(events.get(0).values()).containsExactly("alice@example.com", "Alice");
            assertThat(events.get(1).values()).containsExactly(null, "Alice Smith");
            assertThat(events.get(1).changed()).isEqualTo(bits(1));
            assertThat(events.get(2).values()).containsExactly(null, null);
            assertThat(events.get(2).changed()).isEqualTo(bits(0));
            assertThat(events.get(3).values()).isNull();
            int partition = Utils.toPositive(
                            Utils.murmur2(ByteBuffer.allocate(8).putLong(1).array()))
                    % 3;
            assertThat(published.records())
                    .allSatisfy(r -> assertThat(r.partition()).isEqualTo(partition));
            assertThat(published.changeIds()).doesNotHaveDuplicates();
            assertThat(published.changeIds())
                    .isEqualTo(events.stream().map(e -> e.source().changeId()).toList());
            assertThat(application.status(route).state()).isEqualTo(State.RUNNING);
        }
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }
}
