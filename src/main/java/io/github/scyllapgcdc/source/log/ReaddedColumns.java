package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Columns that were dropped and added again. What they had before is gone, though no change says so: each row has null there,
 * and whoever follows the table still has the old values.
 */
public final class ReaddedColumns {
    private static final String DROPPED =
            "SELECT column_name, dropped_time FROM system_schema.dropped_columns WHERE keyspace_name = ? AND table_name = ?";

    private ReaddedColumns() {}

    /**
     * A column of the table that had been dropped.
     *
     * @param droppedMillis when it was dropped last, milliseconds since 1970
     */
    public record Readded(String column, long droppedMillis) {}

    /** The one that was dropped last; empty if there is none. */
    public static Optional<Readded> newest(CqlSession session, EventSchema schema) {
        List<String> present =
                schema.valueColumns().stream().map(EventColumn::name).toList();
        return session
                .execute(SimpleStatement.newInstance(
                        DROPPED, schema.table().keyspace(), schema.table().name()))
                .all()
                .stream()
                .filter(row -> present.contains(row.getString(0)))
                .map(ReaddedColumns::readded)
                .max(Comparator.comparingLong(Readded::droppedMillis));
    }

    private static Readded readded(Row row) {
        Instant dropped = row.getInstant(1);
        return new Readded(row.getString(0), dropped == null ? 0 : dropped.toEpochMilli());
    }
}
