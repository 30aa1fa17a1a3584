package io.github.scyllapgcdc.reconcile;

import java.sql.SQLException;

/** What a mode does to find the rows that are not equal. */
interface Look {
    /**
     * Looks at what has not been looked at yet, and settles what it found.
     *
     * @throws RowReadException if a side could not be read
     */
    void run() throws SQLException, InterruptedException;
}
