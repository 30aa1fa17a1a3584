package io.github.scyllapgcdc.sink;

import java.sql.Connection;
import java.sql.SQLException;

/** Transactions of those who work on a connection of their own, beside the routes. */
public final class Transactions {
    private Transactions() {}

    /** A piece of work. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** Runs a piece of work as one transaction, which is rolled back if it fails. */
    public static <T> T run(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.run();
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
