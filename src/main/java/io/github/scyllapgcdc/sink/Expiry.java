package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.sink.SinkUpkeep.Followed;
import io.github.scyllapgcdc.sink.TopicProgress.Ends;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Removes what has expired. What is due is told by the table's own progress rather than by the clock: only when every change up
 * to a moment is applied, what expires up to it is removed, so a value that was written again in time never goes.
 */
final class Expiry {
    private static final int ROWS = 1000;
    private static final String DUE = """
            SELECT EXISTS (SELECT FROM cdc_metadata.expirations WHERE target = ? AND next_expiry <= ?)""";

    private final TopicProgress progress;
    private final Refreshes refreshes;
    private final Map<Followed, Goal> goals = new HashMap<>();

    /** When everything before these ends is applied, every change older than the watermark is. */
    private record Goal(long watermark, Ends ends) {}

    Expiry(TopicProgress progress, Refreshes refreshes) {
        this.progress = progress;
        this.refreshes = refreshes;
    }

    void run(Connection connection, Followed followed, TableName table) throws SQLException {
        Goal goal = goals.get(followed);
        if (goal == null) {
            OptionalLong watermark = progress.watermark(followed.topic());
            if (watermark.isEmpty() || !anythingDue(connection, table, watermark.getAsLong())) {
                return;
            }
            goal = new Goal(watermark.getAsLong(), progress.ends(followed.topic()));
            goals.put(followed, goal);
        }
        if (!progress.applied(connection, followed.group(), followed.topic(), goal.ends())) {
            return;
        }
        long watermark = goal.watermark();
        Ends ends = goal.ends();
        int rows;
        do {
            rows = Transactions.run(connection, () -> {
                Fence.lock(connection, followed.group(), ends.offsets().keySet());
                Optional<ReplicatedTable> found = ReplicatedTable.find(connection, table);
                return found.isEmpty()
                        ? 0
                        : new ExpiryRun(connection, followed.topic(), found.get()).apply(watermark, ROWS, refreshes);
            });
        } while (rows == ROWS);
        goals.remove(followed);
    }

    private static boolean anythingDue(Connection connection, TableName table, long watermark) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            statement.setString(1, table.toString());
            statement.setLong(2, watermark);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }
}
