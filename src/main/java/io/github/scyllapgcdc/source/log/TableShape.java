package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.ListType;
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
 * @param keysOnly whether the log has the written values in its postimages alone
 */
public record TableShape(EventSchema schema, Map<String, DataType> types, Optional<Duration> ttl, boolean keysOnly) {

    /** A table whose log has the written values. */
    public TableShape(EventSchema schema, Map<String, DataType> types, Optional<Duration> ttl) {
        this(schema, types, ttl, false);
    }

    /** This shape with the options of another one of the table. */
    public TableShape withOptionsOf(TableShape other) {
        return new TableShape(schema, types, other.ttl, other.keysOnly);
    }

    /**
     * How rows of the log with these columns are read.
     *
     * @throws IllegalArgumentException if these are not the columns of this shape's log
     */
    public LogLayout layout(List<LogColumn> logColumns) {
        for (LogColumn column : logColumns) {
            DataType type = types.get(column.name());
            if (type != null && !logged(column.name(), type).equals(column.type())) {
                throw new IllegalArgumentException("column " + column.name() + " of " + schema.table() + " is "
                        + type.asCql(true, true) + " in the table and "
                        + column.type().asCql(false, true) + " in its log");
            }
        }
        return new LogLayout(this, logColumns);
    }

    /** Whether the column is a list whose elements can be written one by one. */
    boolean isList(String column) {
        return types.get(column) instanceof ListType list && !list.isFrozen();
    }

    private DataType logged(String column, DataType type) {
        return isList(column) ? DataTypes.mapOf(DataTypes.TIMEUUID, ((ListType) type).getElementType()) : type;
    }
}
