package io.github.scyllapgcdc.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.scyllapgcdc.schema.ValueText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Differences and repairs on record, in {@code cdc_metadata.reconciliation_log} and {@code reconciliation_repairs}. A row that
 * differs has one entry that is not resolved, however many runs find it.
 */
final class DifferenceLog {
    /** Longer texts are cut off: a person reads them, or the tables themselves. */
    private static final int MOST_TEXT = 1000;

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Entries that are open already; which of the given ones, by number, and whether they are this run's. */
    private static final String REFRESH = """
            WITH found AS (
                SELECT l.id, u.n, u.type, u.columns, l.run_id = ? AS own
                FROM unnest(?, ?, ?) WITH ORDINALITY AS u (key, type, columns, n)
                JOIN cdc_metadata.reconciliation_log AS l ON l.table_name = ?
                    AND md5(l.primary_key::text) = md5(u.key::jsonb::text) AND NOT l.resolved),
            changed AS (
                UPDATE cdc_metadata.reconciliation_log AS l
                SET run_id = ?, discrepancy_type = found.type, columns = found.columns::jsonb
                FROM found WHERE l.id = found.id)
            SELECT n, own FROM found""";

    private static final String ADD = """
            INSERT INTO cdc_metadata.reconciliation_log
                (run_id, table_name, primary_key, discrepancy_type, columns, detected_at)
            SELECT ?, ?, u.key::jsonb, u.type, u.columns::jsonb, now() FROM unnest(?, ?, ?) AS u (key, type, columns)
            ON CONFLICT (table_name, md5(primary_key::text)) WHERE NOT resolved DO NOTHING""";
    private static final String RESOLVE = """
            WITH equal AS (
                UPDATE cdc_metadata.reconciliation_log SET resolved = true, resolved_at = now()
                WHERE table_name = ? AND NOT resolved
                    AND md5(primary_key::text) IN (SELECT md5(key::jsonb::text) FROM unnest(?) AS u (key))
                RETURNING run_id)
            SELECT count(*) FILTER (WHERE run_id = ?) FROM equal""";
    private static final String RESOLVE_BY_ID = """
            UPDATE cdc_metadata.reconciliation_log SET resolved = true, resolved_at = now()
            WHERE id = ANY (?) AND NOT resolved""";
    private static final String OPEN = """
            SELECT id, primary_key::text FROM cdc_metadata.reconciliation_log
            WHERE table_name = ? AND (run_id <> ? OR ?) AND NOT resolved AND id > ? ORDER BY id LIMIT ?""";
    private static final String TO_REPAIR = """
            SELECT l.id, l.primary_key::text FROM cdc_metadata.reconciliation_log AS l
            WHERE l.run_id = ? AND NOT l.resolved AND l.id > ? AND (l.discrepancy_type <> 'extra' OR ?)
            ORDER BY l.id LIMIT ?""";
    private static final String REQUESTED = """
            INSERT INTO cdc_metadata.reconciliation_repairs
                (run_id, log_id, table_name, primary_key, requested_at, outcome)
            SELECT l.run_id, l.id, l.table_name, l.primary_key, now(), ?
            FROM cdc_metadata.reconciliation_log AS l WHERE l.id = ANY (?)
            ON CONFLICT (run_id, log_id) DO UPDATE SET requested_at = now(), outcome = excluded.outcome""";
    private static final String REPAIRED = """
            UPDATE cdc_metadata.reconciliation_repairs SET outcome = ?, finished_at = now()
            WHERE run_id = ? AND log_id = ANY (?)""";
    private static final String LIST = """
            SELECT l.id, l.table_name, l.primary_key::text, l.discrepancy_type, l.columns::text, l.detected_at, l.resolved,
                coalesce(r.outcome, 'none')
            FROM cdc_metadata.reconciliation_log AS l
            LEFT JOIN cdc_metadata.reconciliation_repairs AS r ON r.run_id = l.run_id AND r.log_id = l.id
            WHERE l.run_id = ? AND l.id > ? ORDER BY l.id LIMIT ?""";

    private final DataSource dataSource;
    private final TableForm form;
    private final KeyText keys;

    DifferenceLog(DataSource dataSource, TableForm form) {
        this.dataSource = dataSource;
        this.form = form;
        this.keys = new KeyText(form);
    }

    /**
     * An entry's number, and the row that it is about.
     *
     * @param key empty if the row can't be asked for, since only one side can hold such a key
     */
    record Entry(long id, Optional<Object[]> key) {}

    /**
     * Adds differences, as part of the connection's transaction.
     *
     * @param room how many new entries there may be
     * @return those that this run has not found before, entries or not
     */
    List<Finding> add(Connection connection, UUID run, List<Finding> differences, int room) throws SQLException {
        if (differences.isEmpty()) {
            return differences;
        }
        Map<Integer, Boolean> open = refresh(connection, run, differences);
        List<Finding> unknown = new ArrayList<>();
        List<Finding> fresh = new ArrayList<>();
        for (int i = 0; i < differences.size(); i++) {
            if (!open.containsKey(i)) {
                unknown.add(differences.get(i));
                fresh.add(differences.get(i));
            } else if (!open.get(i)) {
                fresh.add(differences.get(i));
            }
        }
        List<Finding> added = unknown.subList(0, Math.min(room, unknown.size()));
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setObject(1, run);
            statement.setString(2, form.schema().table().toString());
            set(connection, statement, 3, added);
            statement.executeUpdate();
        }
        return fresh;
    }

    /** Which of the differences, by number, are open already, and whether as this run's. */
    private Map<Integer, Boolean> refresh(Connection connection, UUID run, List<Finding> differences)
            throws SQLException {
        Map<Integer, Boolean> open = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(REFRESH)) {
            statement.setObject(1, run);
            set(connection, statement, 2, differences);
            statement.setString(5, form.schema().table().toString());
            statement.setObject(6, run);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    open.put(row.getInt(1) - 1, row.getBoolean(2));
                }
            }
        }
        return open;
    }

    private void set(Connection connection, PreparedStatement statement, int first, List<Finding> differences)
            throws SQLException {
        statement.setArray(
                first,
                texts(connection, differences.stream().map(f -> key(f.key())).toList()));
        statement.setArray(
                first + 1,
                texts(connection, differences.stream().map(f -> f.type().text()).toList()));
        statement.setArray(
                first + 2,
                texts(connection, differences.stream().map(this::columns).toList()));
    }

    /**
     * Resolves what is equal, as part of the connection's transaction.
     *
     * @return how many entries of the run that were
     */
    long resolve(Connection connection, UUID run, Collection<RowKey> equal) throws SQLException {
        if (equal.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(RESOLVE)) {
            statement.setString(1, form.schema().table().toString());
            statement.setArray(
                    2, texts(connection, equal.stream().map(this::key).toList()));
            statement.setObject(3, run);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Resolves entries. */
    void resolve(Collection<Entry> entries) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(RESOLVE_BY_ID)) {
            statement.setArray(1, ids(connection, entries));
            statement.executeUpdate();
        }
    }

    private String key(RowKey key) {
        return keys.of(key.values());
    }

    /** The columns that differ, as text. */
    private String columns(Finding difference) {
        ObjectNode columns = JSON.createObjectNode();
        if (difference.scylla() != null && difference.postgres() != null) {
            RowForm rows = new RowForm(form);
            for (int i = form.key().size(); i < form.columns().size(); i++) {
                Object left = difference.scylla().values()[i];
                Object right = difference.postgres().values()[i];
                if (!Arrays.equals(rows.canonical(i, left), rows.canonical(i, right))) {
                    columns.set(
                            form.columns().get(i).name(),
                            JSON.createObjectNode().put("scylla", text(i, left)).put("postgres", text(i, right)));
                }
            }
        }
        return columns.toString();
    }

    private String text(int column, Object value) {
        if (value == null) {
            return null;
        }
        String text =
                ValueText.of(form.columns().get(column).column().type(), value).replace("\0", "\\0");
        return text.length() <= MOST_TEXT
                ? text
                : text.substring(0, MOST_TEXT) + "… (" + text.length() + " characters)";
    }

    private static java.sql.Array texts(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray(String[]::new));
    }

    /**
     * Entries that an earlier run left, and this one has not found again.
     *
     * @param own whether this one's are meant as well
     */
    List<Entry> open(UUID run, boolean own, long after, int most) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(OPEN)) {
            statement.setString(1, form.schema().table().toString());
            statement.setObject(2, run);
            statement.setBoolean(3, own);
            statement.setLong(4, after);
            statement.setInt(5, most);
            return entries(statement);
        }
    }

    /** What a run found and is to be repaired. */
    List<Entry> toRepair(UUID run, long after, boolean extra, int most) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(TO_REPAIR)) {
            statement.setObject(1, run);
            statement.setLong(2, after);
            statement.setBoolean(3, extra);
            statement.setInt(4, most);
            return entries(statement);
        }
    }

    private List<Entry> entries(PreparedStatement statement) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                entries.add(new Entry(row.getLong(1), keys.read(row.getString(2))));
            }
        }
        return entries;
    }

    /** Puts repairs on record. */
    void requested(Collection<Entry> entries, String outcome) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(REQUESTED)) {
            statement.setString(1, outcome);
            statement.setArray(2, ids(connection, entries));
            statement.executeUpdate();
        }
    }

    /** Puts on record how repairs ended. */
    void ended(UUID run, Collection<Entry> entries, String outcome) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(REPAIRED)) {
            statement.setString(1, outcome);
            statement.setObject(2, run);
            statement.setArray(3, ids(connection, entries));
            statement.executeUpdate();
        }
    }

    private static java.sql.Array ids(Connection connection, Collection<Entry> entries) throws SQLException {
        return connection.createArrayOf(
                "bigint", entries.stream().map(Entry::id).toArray(Long[]::new));
    }

    /** Differences as a run found them. */
    static List<Difference> list(DataSource dataSource, UUID run, long after, int most) throws SQLException {
        List<Difference> differences = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setObject(1, run);
            statement.setLong(2, after);
            statement.setInt(3, most);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    differences.add(new Difference(
                            row.getLong(1),
                            run,
                            row.getString(2),
                            json(row.getString(3)),
                            Discrepancy.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                            json(row.getString(5)),
                            Objects.requireNonNull(row.getObject(6, OffsetDateTime.class))
                                    .toInstant(),
                            row.getBoolean(7),
                            row.getString(8)));
                }
            }
        }
        return differences;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("jsonb is JSON", e);
        }
    }
}
