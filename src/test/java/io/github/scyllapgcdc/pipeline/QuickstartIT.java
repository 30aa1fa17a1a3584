package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.scyllapgcdc.event.TableId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a new user does first, each kind of statement of the quickstart, through the packaged application. */
class QuickstartIT {
    private static final Duration LANDS = Duration.ofSeconds(30);
    private static PipelineFixture fixture;
    private static PipelineApp app;
    private static TableId users;

    @BeforeAll
    static void startTheApplication() throws Exception {
        fixture = new PipelineFixture("quickstart");
        users = fixture.table(
                "users",
                "user_id bigint PRIMARY KEY, email text, name text, created_at timestamp, updated_at timestamp");
        app = PipelineApp.start("quickstart", Map.of());
        app.deploy(users);
        app.awaitHealthy();
    }

    @AfterAll
    static void stopTheApplication() throws Exception {
        app.close();
        fixture.close();
    }

    @Test
    void aPartialUpdateLeavesOtherColumnsAlone() {
        fixture.cql("INSERT INTO quickstart.users (user_id, email, name) VALUES (1, 'a@example.com', 'Alice')");
        fixture.cql("UPDATE quickstart.users SET email = 'alice@example.com' WHERE user_id = 1");
        // a second one, once the row is there, so that the update meets it in Postgres and not in the batch
        fixture.awaitEqual(users, LANDS);
        fixture.cql("UPDATE quickstart.users SET name = 'Alice Smith' WHERE user_id = 1");
        fixture.awaitEqual(users, LANDS);
        assertThat(postgresRow(1)).containsEntry("email", "alice@example.com").containsEntry("name", "Alice Smith");
    }

    @Test
    void aColumnSetToNullIsNull() {
        fixture.cql("INSERT INTO quickstart.users (user_id, email, name) VALUES (2, 'b@example.com', 'Bob')");
        fixture.awaitEqual(users, LANDS);
        fixture.cql("UPDATE quickstart.users SET email = null WHERE user_id = 2");
        fixture.awaitEqual(users, LANDS);
        assertThat(postgresRow(2)).containsEntry("email", null).containsEntry("name", "Bob");
    }

    @Test
    void anUpdateToNullOfAMissingRowMakesNoRow() {
        fixture.cql("UPDATE quickstart.users SET email = null WHERE user_id = 3");
        fixture.cql("INSERT INTO quickstart.users (user_id, name) VALUES (4, 'behind it')");
        awaitRow(4);
        assertThat(postgresRow(3)).isNull();
        fixture.awaitEqual(users, LANDS);
    }

    @Test
    void anInsertAfterADeleteBringsNoOldValuesBack() {
        fixture.cql("INSERT INTO quickstart.users (user_id, email, name) VALUES (5, 'e@example.com', 'Eve')");
        fixture.awaitEqual(users, LANDS);
        fixture.cql("DELETE FROM quickstart.users WHERE user_id = 5");
        fixture.cql("INSERT INTO quickstart.users (user_id, name) VALUES (5, 'Eva')");
        fixture.awaitEqual(users, LANDS);
        assertThat(postgresRow(5)).containsEntry("email", null).containsEntry("name", "Eva");
    }

    @Test
    void anInsertOverALiveRowLeavesItsOtherColumns() {
        fixture.cql("INSERT INTO quickstart.users (user_id, email, name) VALUES (6, 'f@example.com', 'Fay')");
        fixture.awaitEqual(users, LANDS);
        fixture.cql("INSERT INTO quickstart.users (user_id, name) VALUES (6, 'Faye')");
        fixture.awaitEqual(users, LANDS);
        assertThat(postgresRow(6)).containsEntry("email", "f@example.com").containsEntry("name", "Faye");
    }

    @Test
    void lightweightTransactionsAndBatchesArrive() {
        fixture.cql("INSERT INTO quickstart.users (user_id, name) VALUES (10, 'lwt') IF NOT EXISTS");
        fixture.cql("INSERT INTO quickstart.users (user_id, name) VALUES (10, 'refused') IF NOT EXISTS");
        fixture.cql("UPDATE quickstart.users SET name = 'compared' WHERE user_id = 10 IF name = 'lwt'");
        fixture.cql("BEGIN BATCH "
                + "INSERT INTO quickstart.users (user_id, name) VALUES (11, 'logged') "
                + "INSERT INTO quickstart.users (user_id, name) VALUES (12, 'logged') "
                + "UPDATE quickstart.users SET email = 'x@example.com' WHERE user_id = 11 "
                + "APPLY BATCH");
        fixture.cql("BEGIN UNLOGGED BATCH "
                + "INSERT INTO quickstart.users (user_id, name) VALUES (13, 'unlogged') "
                + "DELETE FROM quickstart.users WHERE user_id = 12 "
                + "APPLY BATCH");
        awaitRow(13);
        fixture.awaitEqual(users, LANDS);
        assertThat(postgresRow(10)).containsEntry("name", "compared");
        assertThat(postgresRow(12)).isNull();
    }

    @Test
    void aTableDeployedWhileItRunsFlowsWithoutARestart() throws Exception {
        // Given a table that was made, and written, while the application runs
        TableId orders = fixture.table("orders", "order_id uuid PRIMARY KEY, user_id bigint, total decimal");
        fixture.cql("INSERT INTO quickstart.orders (order_id, user_id, total) VALUES (uuid(), 1, 12.50)");

        // When its route file is put in place
        app.deploy(orders);

        // Then its rows flow, those from before included
        fixture.cql("INSERT INTO quickstart.orders (order_id, user_id, total) VALUES (uuid(), 2, -0.001)");
        Awaitility.await()
                .atMost(LANDS)
                .until(() ->
                        !TableContents.ofPostgres(fixture.postgres(), orders).isEmpty());
        fixture.awaitEqual(orders, LANDS);
    }

    @Test
    void confluentsDeserializerReadsTheTopic() throws Exception {
        // Given a change that has arrived
        fixture.cql("INSERT INTO quickstart.users (user_id, email, name) VALUES (77, 'read@example.com', 'Reader')");
        awaitRow(77);

        // When Confluent's deserializer reads all that the topic holds
        String[] lines = CommittedTopic.read(fixture.endpoints().kafkaBootstrap(), users.topic()).stream()
                .map(record -> ConfluentInteropIT.line("value", record.value()))
                .toArray(String[]::new);
        List<JsonNode> events =
                ConfluentInteropIT.readWithConfluent(fixture.endpoints().registryUrl(), lines);

        // Then the change is among it
        assertThat(events).anySatisfy(event -> {
            assertThat(event.path("op").asText()).isEqualTo("c");
            assertThat(event.path("after").path("user_id").asLong()).isEqualTo(77);
            assertThat(event.path("after").path("name").asText()).isEqualTo("Reader");
            assertThat(event.path("source").path("keyspace").asText()).isEqualTo("quickstart");
        });
    }

    @Test
    void aChangeLandsWithinTheConfidenceWindowAndASecond() throws Exception {
        // Given the default confidence window: write_request_timeout of 2 s and 1 s of clock skew
        Duration promised = Duration.ofSeconds(3 + 1);
        fixture.cql("INSERT INTO quickstart.users (user_id, name) VALUES (999, 'warm')");
        awaitRow(999);

        // When twenty changes are written one after the other
        Map<Long, Long> written = new HashMap<>();
        for (long id = 1000; id < 1020; id++) {
            fixture.cql("INSERT INTO quickstart.users (user_id, name) VALUES (" + id + ", 'timed')");
            written.put(id, System.nanoTime());
        }

        // Then each is in Postgres in time
        List<Duration> latencies = new ArrayList<>();
        while (!written.isEmpty()) {
            written.entrySet().removeIf(change -> {
                if (postgresRow(change.getKey()) == null) {
                    return false;
                }
                latencies.add(Duration.ofNanos(System.nanoTime() - change.getValue()));
                return true;
            });
            assertThat(latencies).allSatisfy(latency -> assertThat(latency).isLessThan(promised));
            assertThat(written.values())
                    .as("changes still on their way")
                    .allSatisfy(at ->
                            assertThat(Duration.ofNanos(System.nanoTime() - at)).isLessThan(LANDS));
        }
    }

    private static void awaitRow(long id) {
        Awaitility.await("row " + id).atMost(LANDS).until(() -> postgresRow(id) != null);
    }

    /** The row's text columns, or null if there is none. */
    private static Map<String, String> postgresRow(long id) {
        try (PreparedStatement select =
                fixture.postgres().prepareStatement("SELECT email, name FROM quickstart.users WHERE user_id = ?")) {
            select.setLong(1, id);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                Map<String, String> row = new HashMap<>();
                row.put("email", rows.getString(1));
                row.put("name", rows.getString(2));
                return row;
            }
        } catch (java.sql.SQLException e) {
            if ("42P01".equals(e.getSQLState())) { // the sink has not made the table yet
                return null;
            }
            throw new IllegalStateException(e);
        }
    }
}
