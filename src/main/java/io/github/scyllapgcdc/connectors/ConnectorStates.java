package io.github.scyllapgcdc.connectors;

import io.github.scyllapgcdc.sink.MetadataSchema;
import io.github.scyllapgcdc.sink.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** What was decided of each connector, in the table {@code cdc_metadata.connectors}. */
final class ConnectorStates {
    static final String SELECT = "SELECT name, paused, restarts FROM cdc_metadata.connectors";

    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS cdc_metadata.connectors (
                name text PRIMARY KEY,
                paused boolean NOT NULL DEFAULT false,
                restarts bigint NOT NULL DEFAULT 0,
                changed_at timestamptz NOT NULL DEFAULT now()
            );
            COMMENT ON TABLE cdc_metadata.connectors IS
                'What was decided of sources and sinks, for all instances; one that is not here runs';
            COMMENT ON COLUMN cdc_metadata.connectors.restarts IS
                'How often a restart was asked for; each instance restarts its routes when it grows';
            """;
    private static final String PAUSE = """
            INSERT INTO cdc_metadata.connectors AS c (name, paused) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET paused = excluded.paused, changed_at = now()
            WHERE c.paused <> excluded.paused""";
    private static final String RESTART = """
            INSERT INTO cdc_metadata.connectors AS c (name, restarts) VALUES (?, 1)
            ON CONFLICT (name) DO UPDATE SET restarts = c.restarts + 1, changed_at = now()""";
    private static final String FORGET = "DELETE FROM cdc_metadata.connectors WHERE name = ?";

    private final DataSource dataSource;

    ConnectorStates(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * What was decided of a connector.
     *
     * @param restarts how often a restart was asked for
     */
    record State(boolean paused, long restarts) {
        static final State UNTOUCHED = new State(false, 0);
    }

    /** The rows of {@link #SELECT}, by name. */
    static Map<String, State> of(List<Map<String, Object>> rows) {
        Map<String, State> states = new HashMap<>();
        for (Map<String, Object> row : rows) {
            states.put(
                    (String) row.get("name"),
                    new State((Boolean) row.get("paused"), ((Number) row.get("restarts")).longValue()));
        }
        return states;
    }

    /** Creates the table where it is missing. Several instances may do so at once. */
    void create() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            if (!exists(statement)) {
                Transactions.run(connection, () -> {
                    MetadataSchema.create(connection);
                    MetadataSchema.lock(connection);
                    return exists(statement) || statement.execute(CREATE);
                });
            }
        }
    }

    private static boolean exists(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT to_regclass('cdc_metadata.connectors') IS NOT NULL")) {
            return result.next() && result.getBoolean(1);
        }
    }

    void pause(String name, boolean paused) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(PAUSE)) {
            statement.setString(1, name);
            statement.setBoolean(2, paused);
            statement.executeUpdate();
        }
    }

    void restart(String name) throws SQLException {
        update(RESTART, name);
    }

    /** For a connector that is removed: deployed again, it runs. */
    void forget(String name) throws SQLException {
        update(FORGET, name);
    }

    private void update(String sql, String name) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            statement.executeUpdate();
        }
    }
}
