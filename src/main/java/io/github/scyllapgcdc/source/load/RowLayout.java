package io.github.scyllapgcdc.source.load;

import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.SetType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.schema.CqlTypes;
import io.github.scyllapgcdc.source.log.TableShape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Where each column stands in a row of a {@link RowQuery}: key columns, value columns, times to live. */
public final class RowLayout {
    final EventSchema schema;
    final CqlTypes.Reader[] keyReaders;
    final CqlTypes.Reader[] valueReaders;
    final BitSet statics = new BitSet();
    /** For each value column where its time to live stands, or -1. */
    final int[] ttl;

    private final List<EventColumn> withTtl = new ArrayList<>();

    RowLayout(TableShape shape, boolean timesToLive) {
        this.schema = shape.schema();
        this.keyReaders = readers(schema.keyColumns(), shape);
        this.valueReaders = readers(schema.valueColumns(), shape);
        this.ttl = new int[valueReaders.length];
        for (int i = 0; i < ttl.length; i++) {
            EventColumn column = schema.valueColumns().get(i);
            if (column.kind() == EventColumn.Kind.STATIC) {
                statics.set(i);
            }
            if (timesToLive && isOneCell(shape.types().get(column.name()))) {
                ttl[i] = keyReaders.length + ttl.length + withTtl.size();
                withTtl.add(column);
            } else {
                ttl[i] = -1;
            }
        }
    }

    /** The value columns whose time to live is asked for, in order. */
    List<EventColumn> withTtl() {
        return withTtl;
    }

    public EventSchema schema() {
        return schema;
    }

    int keySize() {
        return keyReaders.length;
    }

    boolean hasClustering() {
        return keyReaders.length > schema.partitionKeySize();
    }

    private static CqlTypes.Reader[] readers(List<EventColumn> columns, TableShape shape) {
        return columns.stream()
                .map(column -> CqlTypes.reader(shape.types().get(column.name())))
                .toArray(CqlTypes.Reader[]::new);
    }

    /** The elements of a non-frozen collection live each for a time of its own, which CQL does not tell. */
    private static boolean isOneCell(DataType type) {
        if (type instanceof ListType list) {
            return list.isFrozen();
        }
        if (type instanceof SetType set) {
            return set.isFrozen();
        }
        if (type instanceof MapType map) {
            return map.isFrozen();
        }
        return !(type instanceof UserDefinedType udt) || udt.isFrozen();
    }
}
