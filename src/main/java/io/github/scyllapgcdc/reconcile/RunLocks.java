package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Lets one run of a table be under way in all instances. All locks of this process are on one connection of Postgres, and go with
 * it, so those of a process that was killed are free at once. May be used by several threads.
 */
final class RunLocks implements AutoCloseable {
    private static final String LOCK = "SELECT pg_try_advisory_lock(hashtextextended(?, 0))";
    private static final String UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(?, 0))";
    private static final int VALID_SECONDS = 5;

    private final DataSource dataSource;
    private final Set<TableId> held = new HashSet<>();
    private Connection connection;

    RunLocks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Takes the lock of a table; false if it is taken, here or elsewhere. */
    synchronized boolean take(TableId table) throws SQLException {
        if (held.contains(table)) {
            return false; // to its own session Postgres would give it once more
        }
        if (connection == null || !connection.isValid(VALID_SECONDS)) {
            reconnect();
        }
        if (!ask(LOCK, table)) {
            return false;
        }
        held.add(table);
        return true;
    }

    private void reconnect() throws SQLException {
        if (connection != null) {
            connection.close();
            connection = null;
            held.clear(); // they went with the connection
        }
        connection = dataSource.getConnection();
    }

    private boolean ask(String question, TableId table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setString(1, "scylla-pg-cdc reconciliation of " + table);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /** Whether a lock that was taken still is held: not if Postgres was restarted meanwhile. */
    synchronized boolean holds(TableId table) throws SQLException {
        return held.contains(table) && connection.isValid(VALID_SECONDS);
    }

    /** Gives the lock of a table back. */
    synchronized void release(TableId table) throws SQLException {
        if (held.remove(table) && connection.isValid(VALID_SECONDS)) {
            ask(UNLOCK, table);
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        if (connection != null) {
            connection.close();
            connection = null;
        }
        held.clear();
    }
}
