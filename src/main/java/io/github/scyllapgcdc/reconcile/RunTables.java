package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.sink.MetadataSchema;
import io.github.scyllapgcdc.sink.Transactions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables that keep runs and what they found. */
final class RunTables {
    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS cdc_metadata.reconciliation_runs (
                run_id uuid PRIMARY KEY,
                table_name text NOT NULL,
                mode text NOT NULL CHECK (mode IN ('full', 'incremental', 'sample')),
                since timestamptz,
                percent double precision NOT NULL,
                repair boolean NOT NULL,
                delete_extra boolean NOT NULL,
                dry_run boolean NOT NULL,
                layout text NOT NULL,
                state text NOT NULL CHECK (state IN ('running', 'equal', 'different', 'failed', 'stopped')),
                phase text NOT NULL,
                resumed boolean NOT NULL DEFAULT false,
                started_at timestamptz NOT NULL,
                updated_at timestamptz NOT NULL,
                finished_at timestamptz,
                scylla_rows bigint NOT NULL DEFAULT 0,
                postgres_rows bigint NOT NULL DEFAULT 0,
                missing bigint NOT NULL DEFAULT 0,
                mismatch bigint NOT NULL DEFAULT 0,
                extra bigint NOT NULL DEFAULT 0,
                undetermined bigint NOT NULL DEFAULT 0,
                repaired bigint NOT NULL DEFAULT 0,
                error text
            );
            COMMENT ON TABLE cdc_metadata.reconciliation_runs IS
                'Comparisons of a table with its source, with what they counted';
            CREATE INDEX IF NOT EXISTS reconciliation_runs_latest
                ON cdc_metadata.reconciliation_runs (table_name, started_at DESC);

            CREATE TABLE IF NOT EXISTS cdc_metadata.reconciliation_checkpoints (
                run_id uuid NOT NULL REFERENCES cdc_metadata.reconciliation_runs ON DELETE CASCADE,
                part text NOT NULL,
                number bigint NOT NULL,
                row_count bigint NOT NULL,
                kept bytea NOT NULL,
                PRIMARY KEY (run_id, part, number)
            );
            COMMENT ON TABLE cdc_metadata.reconciliation_checkpoints IS
                'How far a run is that has not ended: which parts of either side are read, and their sums';

            CREATE TABLE IF NOT EXISTS cdc_metadata.reconciliation_log (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                run_id uuid NOT NULL,
                table_name text NOT NULL,
                primary_key jsonb NOT NULL,
                discrepancy_type text NOT NULL CHECK (discrepancy_type IN ('missing', 'mismatch', 'extra')),
                columns jsonb NOT NULL,
                detected_at timestamptz NOT NULL,
                resolved boolean NOT NULL DEFAULT false,
                resolved_at timestamptz
            );
            CREATE UNIQUE INDEX IF NOT EXISTS reconciliation_log_open
                ON cdc_metadata.reconciliation_log (table_name, md5(primary_key::text)) WHERE NOT resolved;
            CREATE INDEX IF NOT EXISTS reconciliation_log_run ON cdc_metadata.reconciliation_log (run_id, id);
            COMMENT ON TABLE cdc_metadata.reconciliation_log IS
                'Rows that differ from the source, and those that did until they were found equal (resolved)';
            COMMENT ON COLUMN cdc_metadata.reconciliation_log.run_id IS 'The run that found it last';

            CREATE TABLE IF NOT EXISTS cdc_metadata.reconciliation_repairs (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                run_id uuid NOT NULL,
                log_id bigint NOT NULL REFERENCES cdc_metadata.reconciliation_log,
                table_name text NOT NULL,
                primary_key jsonb NOT NULL,
                requested_at timestamptz NOT NULL,
                outcome text NOT NULL CHECK (outcome IN ('planned', 'requested', 'repaired', 'failed')),
                finished_at timestamptz,
                UNIQUE (run_id, log_id)
            );
            COMMENT ON TABLE cdc_metadata.reconciliation_repairs IS
                'Rows that the source was asked to publish again, and whether that made them equal';
            """;

    private RunTables() {}

    /** Creates what is missing. Several instances may do so at once. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exist(statement)) {
                Transactions.run(connection, () -> {
                    MetadataSchema.create(connection);
                    MetadataSchema.lock(connection);
                    return exist(statement) || statement.execute(CREATE);
                });
            }
        }
    }

    private static boolean exist(Statement statement) throws SQLException {
        try (ResultSet result =
                statement.executeQuery("SELECT to_regclass('cdc_metadata.reconciliation_repairs') IS NOT NULL")) {
            return result.next() && result.getBoolean(1);
        }
    }
}
