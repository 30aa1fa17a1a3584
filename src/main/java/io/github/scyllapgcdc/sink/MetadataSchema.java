package io.github.scyllapgcdc.sink;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The Postgres schema that holds what the application keeps about its own work. */
public final class MetadataSchema {
    /** Any number, the same in every instance: held while tables are created, which IF NOT EXISTS alone does not make safe. */
    private static final long DDL_LOCK = 0x5363_796C_5067_4344L;

    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS cdc_metadata.sink_offsets (
                consumer_group text NOT NULL,
                topic text NOT NULL,
                kafka_partition integer NOT NULL,
                topic_id uuid,
                partition_count integer NOT NULL,
                next_offset bigint NOT NULL,
                expires boolean NOT NULL DEFAULT false,
                updated_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (consumer_group, topic, kafka_partition)
            ) WITH (fillfactor = 50);
            ALTER TABLE cdc_metadata.sink_offsets ADD COLUMN IF NOT EXISTS expires boolean NOT NULL DEFAULT false;
            COMMENT ON TABLE cdc_metadata.sink_offsets IS
                'Up to which Kafka offset each topic partition is applied; written in the transaction that applies it';
            COMMENT ON COLUMN cdc_metadata.sink_offsets.topic_id IS
                'Kafka''s own id of the topic, which another topic of the same name does not have; null: unknown';
            COMMENT ON COLUMN cdc_metadata.sink_offsets.expires IS
                'Whether a change of the partition ever had a time to live';

            CREATE TABLE IF NOT EXISTS cdc_metadata.replicated_tables (
                target text PRIMARY KEY,
                topic text NOT NULL,
                partition_key text[] NOT NULL,
                clustering_key text[] NOT NULL,
                static_columns text[] NOT NULL,
                value_columns text[] NOT NULL
            );
            COMMENT ON TABLE cdc_metadata.replicated_tables IS
                'The tables that are kept up, and which of their columns come from the source';

            CREATE TABLE IF NOT EXISTS cdc_metadata.static_values (
                target text NOT NULL,
                partition_key text[] NOT NULL,
                kept jsonb NOT NULL,
                PRIMARY KEY (target, partition_key)
            );
            COMMENT ON TABLE cdc_metadata.static_values IS
                'Values that all rows of a partition share, as text, for rows that come later';

            CREATE TABLE IF NOT EXISTS cdc_metadata.expirations (
                target text NOT NULL,
                key text[] NOT NULL,
                record_key bytea NOT NULL,
                expires jsonb NOT NULL,
                next_expiry bigint NOT NULL,
                PRIMARY KEY (target, key)
            );
            CREATE TABLE IF NOT EXISTS cdc_metadata.reloads (
                topic text NOT NULL,
                load_id text NOT NULL,
                since xid,
                begun_at timestamptz NOT NULL DEFAULT now(),
                swept_at timestamptz,
                PRIMARY KEY (topic, load_id)
            );
            COMMENT ON COLUMN cdc_metadata.reloads.since IS
                'Rows last written by older transactions were not reloaded; null: unknown, so none were';
            CREATE INDEX IF NOT EXISTS expirations_next ON cdc_metadata.expirations (target, next_expiry);
            COMMENT ON TABLE cdc_metadata.expirations IS
                'What expires when (milliseconds since 1970): the row, columns, elements of columns';
            """;

    /** How sets, maps and user types change element by element, and in which order the source keeps its keys. */
    private static final String FUNCTIONS = """
            CREATE OR REPLACE FUNCTION cdc_metadata.set_of(elements anyarray) RETURNS anyarray
            LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT coalesce(array_agg(DISTINCT e ORDER BY e), elements) FROM unnest(elements) AS u (e)
            $$;
            CREATE OR REPLACE FUNCTION cdc_metadata.set_change(before anyarray, added anyarray, removed anyarray)
            RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT array_agg(e ORDER BY e)
                FROM (SELECT unnest(before) UNION SELECT unnest(added) EXCEPT SELECT unnest(removed)) AS u (e)
            $$;
            CREATE OR REPLACE FUNCTION cdc_metadata.json_set_of(elements jsonb) RETURNS jsonb
            LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT coalesce(jsonb_agg(DISTINCT e ORDER BY e), elements) FROM jsonb_array_elements(elements) AS u (e)
            $$;
            CREATE OR REPLACE FUNCTION cdc_metadata.json_set_change(before jsonb, added jsonb, removed jsonb)
            RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT jsonb_agg(e ORDER BY e)
                FROM (SELECT jsonb_array_elements(before) UNION SELECT jsonb_array_elements(added)
                      EXCEPT SELECT jsonb_array_elements(removed)) AS u (e)
            $$;
            CREATE OR REPLACE FUNCTION cdc_metadata.object_change(before jsonb, added jsonb, removed text[])
            RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT nullif((coalesce(before, '{}') || coalesce(added, '{}')) - coalesce(removed, '{}'), '{}')
            $$;
            CREATE OR REPLACE FUNCTION cdc_metadata.time_uuid_order(id uuid) RETURNS bytea
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
                SELECT decode('0' || substr(h, 14, 3) || substr(h, 9, 4) || substr(h, 1, 8)
                    || (SELECT string_agg(translate(substr(h, i, 1), '0123456789abcdef', '89abcdef01234567')
                                          || substr(h, i + 1, 1), '' ORDER BY i)
                        FROM generate_series(17, 31, 2) AS i), 'hex')
                FROM (SELECT replace(id::text, '-', '')) AS x (h)
            $$;
            CREATE OR REPLACE FUNCTION cdc_metadata.uuid_order(id uuid) RETURNS bytea
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
                SELECT decode('0' || substr(h, 13, 1)
                    || CASE WHEN substr(h, 13, 1) = '1'
                            THEN '0' || substr(h, 14, 3) || substr(h, 9, 4) || substr(h, 1, 8)
                            ELSE substr(h, 1, 16) END
                    || substr(h, 17, 16), 'hex')
                FROM (SELECT replace(id::text, '-', '')) AS x (h)
            $$;
            CREATE OR REPLACE FUNCTION cdc_metadata.inet_order(address inet) RETURNS bytea
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
                SELECT substring(inet_send(address) FROM 5)
            $$;
            """;

    private MetadataSchema() {}

    /**
     * Creates what is missing, as part of the connection's transaction. Several instances may do so at once. A role that may
     * not create schemas can work in one that was made for it.
     */
    public static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (exists(statement)) {
                return;
            }
            lock(connection);
            if (!exists(statement)) {
                if (!found(statement, "to_regnamespace('cdc_metadata')")) {
                    statement.execute("CREATE SCHEMA cdc_metadata"); // IF NOT EXISTS asks for the right in any case
                }
                statement.execute(CREATE);
                statement.execute(FUNCTIONS);
            }
        }
    }

    /** Keeps other instances from creating tables until the connection's transaction ends. */
    public static void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + DDL_LOCK + ")");
        }
    }

    private static boolean exists(Statement statement) throws SQLException {
        return found(statement, "to_regprocedure('cdc_metadata.inet_order(inet)')");
    }

    private static boolean found(Statement statement, String what) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT " + what + " IS NOT NULL")) {
            return result.next() && result.getBoolean(1);
        }
    }
}
