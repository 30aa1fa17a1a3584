package io.github.scyllapgcdc.reconcile;

import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.source.load.Tokens;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * What the parts of one run work with.
 *
 * @param dataSource for reads and records alike; not the sink's, which must not be kept waiting for a connection
 */
record RunParts(
        Run run,
        TableForm form,
        DataSource dataSource,
        ScyllaRows scylla,
        PostgresRows postgres,
        TopicChanges topic,
        Tokens tokens,
        Comparison comparison,
        RunStore store,
        RunProgress progress,
        Workers workers,
        Throttle throttle,
        StopRequest stop) {

    /** How many rows there may be, as far as Postgres can tell without counting. */
    long estimatedRows() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return postgres.relations(connection).stream()
                    .mapToLong(PostgresRows.Relation::estimatedRows)
                    .sum();
        }
    }

    /** The token of a row of ScyllaDB. */
    long token(Row row) {
        int size = form.schema().partitionKeySize();
        List<ByteBuffer> partition = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            partition.add(row.getBytesUnsafe(i));
        }
        return tokens.of(partition);
    }

    /** The part of the ring that a row of Postgres belongs to; the first for a key that no row of ScyllaDB can have. */
    int bucket(List<ByteBuffer> partition, Slices buckets) {
        return partition == null ? 0 : buckets.partOf(tokens.of(partition));
    }
}
