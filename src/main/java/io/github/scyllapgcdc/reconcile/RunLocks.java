package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Lets one run of a table be under way in all instances. All locks of this process are on one connection of Postgres, and go with
 * it, so those of a process that was killed are free at once. May be used by several threads.
 */
final class RunLocks implements AutoCloseable {
    private static final String NAME = "scylla-pg-cdc reconciliation of ";
    private static final String LOCK = "SELECT pg_try_advisory_lock(hashtextextended(?, 0))";
    private static final String UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(?, 0))";
    private static final String TAKEN = """
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
                AND ((classid::bigint << 32) | objid::bigint) = hashtextextended(?, 0)
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))""";
    private static final int VALID_SECONDS = 5;

    private final DataSource dataSource;
    private final Map<TableId, Held> held = new HashMap<>();
    private Connection connection;

    RunLocks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A lock as it was taken; the next one of the table is another. */
    static final class Held {
        private final TableId table;

        private Held(TableId table) {
            this.table = table;
        }
    }

    /** Takes the lock of a table; empty if it is taken, here or elsewhere. */
    synchronized Optional<Held> take(TableId table) throws SQLException {
        if (connection == null || !connection.isValid(VALID_SECONDS)) {
            reconnect();
        }
        if (held.containsKey(table)
                || !ask(connection, LOCK, table)) { // to its own session Postgres would give it once more
            return Optional.empty();
        }
        Held lock = new Held(table);
        held.put(table, lock);
        return Optional.of(lock);
    }

    private void reconnect() throws SQLException {
        held.clear(); // they went with the connection
        if (connection != null) {
            connection.close();
            connection = null;
        }
        connection = dataSource.getConnection();
    }

    private static boolean ask(Connection connection, String question, TableId table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setString(1, NAME + table);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /** Whether a lock that was taken still is held: not if its connection was lost meanwhile. */
    synchronized boolean holds(Held lock) throws SQLException {
        return held.get(lock.table) == lock && connection.isValid(VALID_SECONDS);
    }

    /** Whether any instance has the lock of a table. */
    boolean isTaken(TableId table) throws SQLException {
        try (Connection asking = dataSource.getConnection()) {
            return ask(asking, TAKEN, table);
        }
    }

    /** Gives a lock back, if it still is held. */
    synchronized void release(Held lock) throws SQLException {
        if (held.get(lock.table) == lock) {
            held.remove(lock.table);
            if (connection.isValid(VALID_SECONDS)) {
                ask(connection, UNLOCK, lock.table);
            }
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        held.clear();
        if (connection != null) {
            // else the pool would keep them for whoever gets the connection next
            try (Connection last = connection;
                    PreparedStatement all = last.prepareStatement("SELECT pg_advisory_unlock_all()")) {
                all.execute();
            } finally {
                connection = null;
            }
        }
    }
}
