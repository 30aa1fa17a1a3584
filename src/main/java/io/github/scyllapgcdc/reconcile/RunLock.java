package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** Lets one run of a table be under way in all instances, as long as its process lives. */
final class RunLock implements AutoCloseable {
    private static final String LOCK = "SELECT pg_try_advisory_lock(hashtextextended(?, 0))";
    private static final String UNLOCK = "SELECT pg_advisory_unlock_all()";
    private static final int VALID_SECONDS = 5;

    private final Connection connection;

    private RunLock(Connection connection) {
        this.connection = connection;
    }

    /** Takes the lock, if nobody else has it. */
    static Optional<RunLock> of(DataSource dataSource, TableId table) throws SQLException {
        Connection connection = dataSource.getConnection();
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setString(1, "scylla-pg-cdc reconciliation of " + table);
            try (ResultSet result = statement.executeQuery()) {
                if (result.next() && result.getBoolean(1)) {
                    return Optional.of(new RunLock(connection));
                }
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        connection.close();
        return Optional.empty();
    }

    /** Whether it still is held: not if Postgres was restarted meanwhile. */
    boolean isHeld() throws SQLException {
        return connection.isValid(VALID_SECONDS);
    }

    @Override
    public void close() throws SQLException {
        try (connection;
                PreparedStatement statement = connection.prepareStatement(UNLOCK)) {
            statement.execute();
        }
    }
}
