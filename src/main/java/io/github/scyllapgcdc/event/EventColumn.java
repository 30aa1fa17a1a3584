package io.github.scyllapgcdc.event;

import java.util.Objects;
import org.apache.avro.Schema;

/**
 * A column as the event carries it.
 *
 * @param name the column's name in the source database
 * @param kind what the column is to the table's key
 * @param type its Avro type, without the union with null
 * @param cqlType its type in the source database, for people; sinks map by {@code type} alone
 * @param descending whether the rows of a partition are sorted by this clustering column from large to small, which ranges
 *     depend on
 * @param removed the Avro array type of the elements that a change can remove from the column, see {@link ElementChanges};
 *     null if the column is only ever written whole
 */
public record EventColumn(String name, Kind kind, Schema type, String cqlType, boolean descending, Schema removed) {

    /** A column's part in the table's key. */
    public enum Kind {
        PARTITION_KEY,
        CLUSTERING,
        STATIC,
        REGULAR;

        /** Whether columns of this kind are in the record's key rather than among its values. */
        public boolean isKey() {
            return this == PARTITION_KEY || this == CLUSTERING;
        }
    }

    /** A column that is only ever written whole and is sorted from small to large, if it is sorted. */
    public EventColumn(String name, Kind kind, Schema type, String cqlType) {
        this(name, kind, type, cqlType, false, null);
    }

    public EventColumn {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(cqlType, "cqlType");
    }
}
