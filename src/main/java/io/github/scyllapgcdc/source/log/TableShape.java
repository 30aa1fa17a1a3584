package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.type.DataType;
import io.github.scyllapgcdc.event.EventSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the source knows of a table.
 *
 * @param schema its columns as events carry them
 * @param types the CQL type of each column
 * @param ttl how long the log keeps a change; empty: for ever
 */
public record TableShape(EventSchema schema, Map<String, DataType> types, Optional<Duration> ttl) {

    /**
     * How rows of the log with these columns are read.
     *
     * @throws IllegalArgumentException if these are not the columns of this shape's log
     */
    public LogLayout layout(List<LogColumn> logColumns) {
        for (LogColumn column : logColumns) {
            DataType type = types.get(column.name());
            if (type != null && !type.equals(column.type())) {
                throw new IllegalArgumentException("column " + column.name() + " of " + schema.table() + " is " + type
                        + " in the table and " + column.type() + " in its log");
            }
        }
        return new LogLayout(schema, logColumns);
    }
}
