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
 */
public record EventColumn(String name, Kind kind, Schema type, String cqlType) {

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

    public EventColumn {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(cqlType, "cqlType");
    }
}
