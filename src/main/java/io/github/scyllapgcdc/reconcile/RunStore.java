package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.sink.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Runs on record, in {@code cdc_metadata.reconciliation_runs} and {@code reconciliation_checkpoints}. */
final class RunStore {
    private static final String COLUMNS = """
            run_id, table_name, mode, since, percent, repair, delete_extra, dry_run, layout, state, phase, resumed,
            started_at, finished_at, scylla_rows, postgres_rows, missing, mismatch, extra, undetermined, repaired, error""";
    private static final String INSERT = """
            INSERT INTO cdc_metadata.reconciliation_runs
                (run_id, table_name, mode, since, percent, repair, delete_extra, dry_run, layout, state, phase,
                 started_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', 'starting', ?, now())""";
    /** The latest of the table, whatever it was: an older one is not taken up again. */
    private static final String LATEST = "SELECT " + COLUMNS
            + " FROM cdc_metadata.reconciliation_runs WHERE table_name = ? ORDER BY started_at DESC LIMIT ?";

    private static final String LATEST_OF_ALL =
            "SELECT " + COLUMNS + " FROM cdc_metadata.reconciliation_runs ORDER BY started_at DESC LIMIT ?";
    private static final String BY_ID = "SELECT " + COLUMNS + " FROM cdc_metadata.reconciliation_runs WHERE run_id = ?";
    /** Without what a run at work has found and is going to repair. */
    private static final String STANDINGS = """
            SELECT t.name,
                (SELECT max(r.finished_at) FROM cdc_metadata.reconciliation_runs AS r
                 WHERE r.table_name = t.name AND r.state = 'equal') AS last_equal,
                count(*) FILTER (WHERE l.discrepancy_type = 'missing') AS missing,
                count(*) FILTER (WHERE l.discrepancy_type = 'mismatch') AS mismatch,
                count(*) FILTER (WHERE l.discrepancy_type = 'extra') AS extra
            FROM unnest(?) AS t (name)
            LEFT JOIN cdc_metadata.reconciliation_log AS l ON l.table_name = t.name AND NOT l.resolved
                AND l.run_id NOT IN (SELECT run_id FROM cdc_metadata.reconciliation_runs WHERE state = 'running'
                    AND repair AND NOT dry_run AND updated_at > now() - INTERVAL '5 minutes')
            GROUP BY t.name""";

    private static final String TAKE_UP = """
            UPDATE cdc_metadata.reconciliation_runs SET state = 'running', resumed = true, finished_at = NULL,
                error = NULL, repair = ?, delete_extra = ?, dry_run = ?, updated_at = now() WHERE run_id = ?""";
    private static final String LEAVE_BEHIND = """
            UPDATE cdc_metadata.reconciliation_runs SET state = 'failed', finished_at = now(),
                error = 'its process ended, and another run was begun instead of it'
            WHERE table_name = ? AND state = 'running' AND run_id <> ?""";
    private static final String PROGRESS = """
            UPDATE cdc_metadata.reconciliation_runs SET phase = ?, scylla_rows = ?, postgres_rows = ?, missing = ?,
                mismatch = ?, extra = ?, undetermined = ?, repaired = ?, updated_at = now() WHERE run_id = ?""";
    private static final String FINISH = """
            UPDATE cdc_metadata.reconciliation_runs SET state = ?, error = ?, finished_at = now(), updated_at = now()
            WHERE run_id = ?""";
    private static final String KEEP = """
            INSERT INTO cdc_metadata.reconciliation_checkpoints (run_id, part, number, row_count, kept)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (run_id, part, number) DO UPDATE SET row_count = excluded.row_count, kept = excluded.kept""";
    private static final String KEPT = """
            SELECT part, number, row_count, kept FROM cdc_metadata.reconciliation_checkpoints
            WHERE run_id = ? AND part = ? ORDER BY number""";
    private static final String FORGET_OTHERS = """
            DELETE FROM cdc_metadata.reconciliation_checkpoints WHERE run_id IN
                (SELECT run_id FROM cdc_metadata.reconciliation_runs WHERE table_name = ? AND run_id <> ?)""";
    private static final String FORGET = "DELETE FROM cdc_metadata.reconciliation_checkpoints WHERE run_id = ?";

    private final DataSource dataSource;

    RunStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A run on record, and how it is. */
    record Recorded(Run run, RunStatus status, Counts counts) {}

    /** Creates the tables that are missing. */
    void prepare() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            RunTables.create(connection);
        }
    }

    void insert(Run run) throws SQLException {
        ReconcileRequest request = run.request();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setObject(1, request.id());
            statement.setString(2, request.table().toString());
            statement.setString(3, request.mode().text());
            statement.setObject(4, time(request.since()));
            statement.setDouble(5, request.percent());
            statement.setBoolean(6, request.repair());
            statement.setBoolean(7, request.deleteExtra());
            statement.setBoolean(8, request.dryRun());
            statement.setString(9, run.layout());
            statement.setObject(10, time(run.startedAt()));
            statement.executeUpdate();
        }
    }

    /** Ends what is on record as running though its process is gone, for which the caller holds the table's lock. */
    void leaveBehind(TableId table, UUID but) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(LEAVE_BEHIND);
                PreparedStatement forgetting = connection.prepareStatement(FORGET_OTHERS)) {
            statement.setString(1, table.toString());
            statement.setObject(2, but);
            statement.executeUpdate();
            forgetting.setString(1, table.toString());
            forgetting.setObject(2, but);
            forgetting.executeUpdate();
        }
    }

    /** Puts on record that a run goes on, with what is to be repaired as it is asked for now. */
    void takeUp(UUID run, ReconcileRequest request) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(TAKE_UP)) {
            statement.setBoolean(1, request.repair());
            statement.setBoolean(2, request.deleteExtra());
            statement.setBoolean(3, request.dryRun());
            statement.setObject(4, run);
            statement.executeUpdate();
        }
    }

    Optional<Recorded> byId(UUID run) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(BY_ID)) {
            statement.setObject(1, run);
            return read(statement).stream().findFirst();
        }
    }

    /** The latest runs, newest first; of all tables where there is none given. */
    List<Recorded> latest(TableId table, int most) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(table == null ? LATEST_OF_ALL : LATEST)) {
            int parameter = 1;
            if (table != null) {
                statement.setString(parameter++, table.toString());
            }
            statement.setInt(parameter, most);
            return read(statement);
        }
    }

    List<TableStanding> standings(Collection<TableId> tables) throws SQLException {
        List<TableStanding> standings = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(STANDINGS)) {
            Object[] names = tables.stream().map(TableId::toString).toArray();
            statement.setArray(1, connection.createArrayOf("text", names));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Map<Discrepancy, Long> differences = new EnumMap<>(Discrepancy.class);
                    for (Discrepancy type : Discrepancy.values()) {
                        differences.put(type, row.getLong(type.text()));
                    }
                    standings.add(new TableStanding(
                            row.getString("name"), differences, Optional.ofNullable(instant(row, "last_equal"))));
                }
            }
        }
        return standings;
    }

    private static List<Recorded> read(PreparedStatement statement) throws SQLException {
        List<Recorded> runs = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                runs.add(recorded(row));
            }
        }
        return runs;
    }

    private static Recorded recorded(ResultSet row) throws SQLException {
        ReconcileRequest request = new ReconcileRequest(
                row.getObject("run_id", UUID.class),
                TableId.parse(row.getString("table_name")),
                Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)),
                instant(row, "since"),
                row.getDouble("percent"),
                row.getBoolean("repair"),
                row.getBoolean("delete_extra"),
                row.getBoolean("dry_run"),
                false);
        Run run = new Run(request, row.getString("layout"), instant(row, "started_at"), row.getBoolean("resumed"));
        Counts counts = new Counts(
                row.getLong("missing"),
                row.getLong("mismatch"),
                row.getLong("extra"),
                row.getLong("undetermined"),
                row.getLong("repaired"));
        RunStatus.State state = RunStatus.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
        RunStatus.Phase phase = RunStatus.Phase.valueOf(
                row.getString("phase").toUpperCase(Locale.ROOT).replace('-', '_'));
        RunProgress progress = new RunProgress(counts);
        progress.restored(row.getLong("scylla_rows"), row.getLong("postgres_rows"));
        RunStatus status = run.status(state, phase, instant(row, "finished_at"), progress, row.getString("error"));
        return new Recorded(run, status, counts);
    }

    /** Puts a checkpoint on record. */
    void keep(UUID run, Checkpoint checkpoint, RunProgress progress) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Transactions.run(connection, () -> {
                keep(connection, run, checkpoint);
                progress(connection, run, progress, progress.counts());
                return checkpoint;
            });
        }
    }

    static void keep(Connection connection, UUID run, Checkpoint checkpoint) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KEEP)) {
            statement.setObject(1, run);
            statement.setString(2, checkpoint.part().name());
            statement.setLong(3, checkpoint.number());
            statement.setLong(4, checkpoint.rows());
            statement.setBytes(5, checkpoint.kept());
            statement.executeUpdate();
        }
    }

    static void progress(Connection connection, UUID run, RunProgress progress, Counts counts) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PROGRESS)) {
            statement.setString(1, progress.phase().text());
            statement.setLong(2, progress.scyllaRows());
            statement.setLong(3, progress.postgresRows());
            statement.setLong(4, counts.missing());
            statement.setLong(5, counts.mismatch());
            statement.setLong(6, counts.extra());
            statement.setLong(7, counts.undetermined());
            statement.setLong(8, counts.repaired());
            statement.setObject(9, run);
            statement.executeUpdate();
        }
    }

    /** What is on record of a part, in the order of the numbers. */
    List<Checkpoint> kept(UUID run, Checkpoint.Part part) throws SQLException {
        List<Checkpoint> kept = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(KEPT)) {
            statement.setObject(1, run);
            statement.setString(2, part.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    kept.add(new Checkpoint(
                            Checkpoint.Part.valueOf(row.getString(1)),
                            row.getLong(2),
                            row.getLong(3),
                            row.getBytes(4)));
                }
            }
        }
        return kept;
    }

    /**
     * Ends a run. Checkpoints of one that may be taken up again are kept.
     *
     * @param error why it failed, or null
     */
    void finish(UUID run, RunStatus.State state, String error, RunProgress progress) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            progress(connection, run, progress, progress.counts());
            if (state == RunStatus.State.EQUAL || state == RunStatus.State.DIFFERENT) {
                forget(connection, run);
            }
            try (PreparedStatement statement = connection.prepareStatement(FINISH)) {
                statement.setString(1, state.text());
                statement.setString(2, error);
                statement.setObject(3, run);
                statement.executeUpdate();
            }
        }
    }

    private static void forget(Connection connection, UUID run) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setObject(1, run);
            statement.executeUpdate();
        }
    }

    static OffsetDateTime time(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
