package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error of Postgres that passes: the batch waits, health says why, and each change is applied once. */
class PostgresErrorFaultIT extends SinkTestSupport {
    private static final int ROWS = 2000;
    private static final Map<String, String> QUICK = Map.of(
            "sink.retry.backoff.ms", "50",
            "sink.retry.backoff.max.ms", "300",
            "sink.batch.size", "200",
            "sink.max.poll.interval.ms", "8000");

    private EventTopic topic;
    private Events users;
    private SinkApplication application;

    @BeforeEach
    void startApplying() throws Exception {
        createUsers(table("users"));
        audit(table("users"));
        topic = topic("users");
        users = Events.users(table("users"));
        topic.send(users.insert(List.of(-1L), Map.of("name", "first")));
        application = sink(QUICK, topic);
        settle(topic);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "53100", "57014", "58030", "55006"})
    void anErrorThatPassesIsWaitedFor(String state) throws Exception {
        // Given a table that answers with an error: serialization failure, disk full, query canceled, I/O error, in use
        execute(
                "CREATE FUNCTION " + keyspace + ".fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
                        + " 'as the test wants it' USING ERRCODE = '" + state + "'; END $$",
                "CREATE TRIGGER fail BEFORE INSERT ON " + table("users") + " FOR EACH STATEMENT EXECUTE FUNCTION "
                        + keyspace + ".fail()");

        sendRows();
        awaitRetrying("as the test wants it");
        execute("DROP TRIGGER fail ON " + table("users"));

        assertAppliedOnce();
    }

    @Test
    void aBackendThatIsTerminatedIsReplaced() throws Exception {
        // Given changes on their way, while every connection of the sink is terminated again and again
        CompletableFuture<Void> terminator = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 40; i++) {
                terminateSink();
            }
        });
        sendRows();
        terminator.join();

        assertAppliedOnce();
    }

    @Test
    void aServerThatIsReadOnlyIsWaitedFor() throws Exception {
        execute("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on");
        try {
            terminateSink();
            sendRows();
            awaitRetrying("read-only transaction");
        } finally {
            execute(
                    "SET default_transaction_read_only = off",
                    "ALTER ROLE CURRENT_USER RESET default_transaction_read_only");
            terminateSink();
        }

        assertAppliedOnce();
    }

    @Test
    void aServerWithoutAConnectionLeftIsWaitedFor() throws Exception {
        List<Connection> all = new ArrayList<>();
        try {
            all.add(DriverManager.getConnection(stack.postgresJdbcUrl()));
            occupyAll(all);
            sendRows();
            awaitRetrying("remaining connection slots are reserved");
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }

        assertAppliedOnce();
    }

    @Test
    void ofADeadlockTheSinkIsTheVictimAndTriesAgain() throws Exception {
        try (Connection other = DriverManager.getConnection(stack.postgresJdbcUrl());
                Statement statement = other.createStatement()) {
            // Given a batch that holds its fence and waits for a row
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM " + table("users") + " WHERE user_id = -1 FOR UPDATE");
            topic.send(users.update(List.of(-1L), Map.of("name", "changed")));
            topic.flush();
            await().until(() -> !value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'scylla-pg-cdc'"
                            + " AND wait_event_type = 'Lock'")
                    .equals("0"));

            // When who holds the row waits for the fence; Postgres ends whoever has waited longer
            statement.execute(
                    "SELECT 1 FROM cdc_metadata.sink_offsets WHERE topic = '" + topic.name() + "' FOR UPDATE");
            awaitRetrying("deadlock detected");
            other.commit();
        }

        // Then it is applied once
        settle(topic);
        assertThat(query("SELECT op, id, count(*) FROM " + keyspace + ".audit GROUP BY op, id ORDER BY op"))
                .containsExactly(List.of("INSERT", "-1", "1"), List.of("UPDATE", "-1", "1"));
    }

    @Test
    void aLockThatIsHeldForLongIsWaitedFor() throws Exception {
        try (Connection other = DriverManager.getConnection(stack.postgresJdbcUrl());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE " + table("users") + " IN ACCESS EXCLUSIVE MODE");
            sendRows();
            awaitRetrying("lock timeout");
            other.commit();
        }

        assertAppliedOnce();
    }

    private void sendRows() throws Exception {
        for (long i = 0; i < ROWS; i++) {
            topic.send(users.insert(List.of(i), Map.of("name", "n" + i)));
        }
        topic.flush();
    }

    private void awaitRetrying(String reason) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(application.status(topic.name()).detail()).contains("tries again since", reason));
        assertThat(application.status(topic.name()).up()).isFalse();
    }

    private void assertAppliedOnce() throws Exception {
        settle(topic);
        assertThat(query("SELECT count(*), (SELECT count(*) FROM " + keyspace + ".audit) FROM " + table("users")))
                .containsExactly(List.of(Integer.toString(ROWS + 1), Integer.toString(ROWS + 1)));
        assertThat(deadLetters(topic.name())).isEmpty();
        await().untilAsserted(
                        () -> assertThat(application.status(topic.name()).up()).isTrue());
    }

    private static void terminateSink() {
        try {
            query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'scylla-pg-cdc'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes connections until there is none, with the first one ending those of the sink. */
    private static void occupyAll(List<Connection> all) throws SQLException {
        try (Statement terminate = all.get(0).createStatement()) {
            for (int refused = 0; refused < 20; ) {
                terminate.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                        + " 'scylla-pg-cdc'");
                try {
                    all.add(DriverManager.getConnection(stack.postgresJdbcUrl()));
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).isEqualTo("53300");
                    refused++;
                }
            }
        }
    }
}
