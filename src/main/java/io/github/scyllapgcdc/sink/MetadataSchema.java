package io.github.scyllapgcdc.sink;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The Postgres schema that holds what the application keeps about its own work. */
public final class MetadataSchema {
    /** Any number, the same in every instance: held while tables are created, which IF NOT EXISTS alone does not make safe. */
    static final long DDL_LOCK = 0x5363_796C_5067_4344L;

    private static final String CREATE = """
            CREATE SCHEMA IF NOT EXISTS cdc_metadata;
            CREATE TABLE IF NOT EXISTS cdc_metadata.sink_offsets (
                consumer_group text NOT NULL,
                topic text NOT NULL,
                kafka_partition integer NOT NULL,
                topic_id uuid,
                partition_count integer NOT NULL,
                next_offset bigint NOT NULL,
                updated_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (consumer_group, topic, kafka_partition)
            ) WITH (fillfactor = 50);
            COMMENT ON TABLE cdc_metadata.sink_offsets IS
                'Up to which Kafka offset each topic partition is applied; written in the transaction that applies it';
            COMMENT ON COLUMN cdc_metadata.sink_offsets.topic_id IS
                'Kafka''s own id of the topic, which another topic of the same name does not have; null: unknown';
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
            statement.execute("SELECT pg_advisory_xact_lock(" + DDL_LOCK + ")");
            if (!exists(statement)) {
                statement.execute(CREATE);
            }
        }
    }

    private static boolean exists(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT to_regclass('cdc_metadata.sink_offsets') IS NOT NULL")) {
            return result.next() && result.getBoolean(1);
        }
    }
}
