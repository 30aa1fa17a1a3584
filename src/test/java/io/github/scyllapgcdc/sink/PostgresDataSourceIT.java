package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.dev.TestStack;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.postgresql.jdbc.PgConnection;

class PostgresDataSourceIT {
    private static final int LOCK = 20_261_121;

    @Test
    void aServerThatFallsSilentIsNotWaitedForWithoutEnd() throws Exception {
        CdcConfig config = CdcConfig.of(Settings.of(Map.of(
                "postgres.url", TestStack.get().endpoints().postgresJdbcUrl(), "sink.max.poll.interval.ms", "20000")));
        try (HikariDataSource pool = PostgresDataSource.create(config.postgres(), config.sink());
                Connection connection = pool.getConnection()) {
            assertThat(connection.getNetworkTimeout())
                    .as("milliseconds that an answer is waited for: statements end after 10 s")
                    .isEqualTo(12_000);
        }
    }

    @Test
    void aStatementWhoseProcessDiedKeepsItsLocksForSecondsOnly() throws Exception {
        CdcConfig config = CdcConfig.of(Settings.of(Map.of(
                "postgres.url", TestStack.get().endpoints().postgresJdbcUrl(), "sink.max.poll.interval.ms", "240000")));
        try (HikariDataSource pool = PostgresDataSource.create(config.postgres(), config.sink());
                Connection other = pool.getConnection()) {
            // Given a statement that works on, with a lock
            Connection killed = pool.getConnection();
            CompletableFuture<Void> working = CompletableFuture.runAsync(() -> {
                try (Statement statement = killed.createStatement()) {
                    statement.execute("SELECT pg_advisory_lock(" + LOCK + "), pg_sleep(300)");
                } catch (SQLException expected) {
                    throw new IllegalStateException(expected);
                }
            });
            await().atMost(Duration.ofSeconds(10)).until(() -> holders(other) == 1);

            // When its process is gone
            killed.unwrap(PgConnection.class).abort(Runnable::run);

            // Then the server notices, long before the time-out of two minutes
            await().atMost(Duration.ofSeconds(10)).until(() -> holders(other) == 0);
            assertThat(working).failsWithin(Duration.ofSeconds(10));
        }
    }

    private static long holders(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = " + LOCK)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
