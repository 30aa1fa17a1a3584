package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.progress.ProgressRecord.Load;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import io.github.scyllapgcdc.sink.SinkUpkeep.Followed;
import io.github.scyllapgcdc.sink.TopicProgress.Ends;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows reloads. When everything that was published before one began is applied, the transaction of that moment is put on
 * record; when all that it brought is applied, too, the rows that no later transaction wrote are asked for.
 */
final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private static final String FIND =
            "SELECT since, swept_at IS NOT NULL FROM cdc_metadata.reloads" + " WHERE topic = ? AND load_id = ?";
    private static final String BEGIN = """
            INSERT INTO cdc_metadata.reloads (topic, load_id, since)
            VALUES (?, ?, CASE WHEN ? THEN pg_current_xact_id()::xid END) ON CONFLICT DO NOTHING""";
    private static final String END =
            "UPDATE cdc_metadata.reloads SET swept_at = now() WHERE topic = ? AND load_id = ?";

    private final TopicProgress progress;
    private final SchemaRegistry registry;
    private final Refreshes refreshes;
    private final Map<Step, Ends> goals = new HashMap<>();
    private final Set<Swept> swept = new HashSet<>();

    private record Swept(String topic, String loadId) {}

    /** What waits for a group to come so far. */
    private record Step(Followed followed, String loadId, Load.State state) {}

    /** What is on record of a reload. */
    private record Reload(boolean known, String since, boolean swept) {}

    Sweep(TopicProgress progress, SchemaRegistry registry, Refreshes refreshes) {
        this.progress = progress;
        this.registry = registry;
        this.refreshes = refreshes;
    }

    void run(Connection connection, Followed followed, TableName table) throws SQLException {
        for (Load load : progress.loads(followed.topic())) {
            if (load.reload() && !swept.contains(new Swept(load.topic(), load.id()))) {
                follow(connection, followed, load, table);
            }
        }
    }

    private void follow(Connection connection, Followed followed, Load load, TableName table) throws SQLException {
        Reload reload = find(connection, load);
        if (reload.swept()) {
            swept.add(new Swept(load.topic(), load.id()));
            return;
        }
        boolean done = load.state() == Load.State.DONE;
        if (reload.known() && !done) {
            return;
        }
        Step step = new Step(followed, load.id(), load.state());
        Ends ends = goals.get(step);
        if (ends == null) {
            ends = progress.ends(followed.topic());
            goals.put(step, ends);
        }
        if (!progress.applied(connection, followed.group(), followed.topic(), ends)) {
            return;
        }
        goals.remove(step);
        if (done) {
            sweep(connection, followed, load, table, reload.since());
        } else {
            begin(connection, load, true);
        }
    }

    private void sweep(Connection connection, Followed followed, Load load, TableName table, String since)
            throws SQLException {
        begin(connection, load, false); // one that was over before it was seen
        long asked = Transactions.run(
                connection, () -> new SweepRun(connection, registry, followed.topic(), table).ask(since, refreshes));
        update(connection, END, load);
        swept.add(new Swept(load.topic(), load.id()));
        LOG.info(
                "Reload swept: table={} load={} rows the reload did not bring, asked for at the source: {}",
                table,
                load.id(),
                asked);
    }

    private static void begin(Connection connection, Load load, boolean since) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEGIN)) {
            statement.setString(1, load.topic());
            statement.setString(2, load.id());
            statement.setBoolean(3, since);
            statement.executeUpdate();
        }
    }

    private static void update(Connection connection, String sql, Load load) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, load.topic());
            statement.setString(2, load.id());
            statement.executeUpdate();
        }
    }

    private static Reload find(Connection connection, Load load) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, load.topic());
            statement.setString(2, load.id());
            try (ResultSet result = statement.executeQuery()) {
                return result.next()
                        ? new Reload(true, result.getString(1), result.getBoolean(2))
                        : new Reload(false, null, false);
            }
        }
    }
}
