package io.github.scyllapgcdc.dev.standin;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.cassandra.cql3.ColumnIdentifier;
import org.apache.cassandra.db.marshal.AbstractType;
import org.apache.cassandra.db.marshal.BooleanType;
import org.apache.cassandra.db.marshal.ByteType;
import org.apache.cassandra.db.marshal.BytesType;
import org.apache.cassandra.db.marshal.Int32Type;
import org.apache.cassandra.db.marshal.ListType;
import org.apache.cassandra.db.marshal.LongType;
import org.apache.cassandra.db.marshal.MapType;
import org.apache.cassandra.db.marshal.SetType;
import org.apache.cassandra.db.marshal.ShortType;
import org.apache.cassandra.db.marshal.TimeUUIDType;
import org.apache.cassandra.db.marshal.UserType;
import org.apache.cassandra.exceptions.InvalidRequestException;
import org.apache.cassandra.schema.ColumnMetadata;
import org.apache.cassandra.schema.MemtableParams;
import org.apache.cassandra.schema.TableMetadata;

/** What CDC adds to a keyspace: the base table's extension and memtable, and the log table with its columns. */
final class CdcSchema {
    static final String LOG_SUFFIX = "_scylla_cdc_log";

    static final String STREAM_ID = "cdc$stream_id";
    static final String TIME = "cdc$time";
    static final String BATCH_SEQ_NO = "cdc$batch_seq_no";
    static final String OPERATION = "cdc$operation";
    static final String TTL = "cdc$ttl";
    static final String END_OF_BATCH = "cdc$end_of_batch";
    static final String DELETED = "cdc$deleted_";
    static final String DELETED_ELEMENTS = "cdc$deleted_elements_";

    private CdcSchema() {}

    static String logName(String table) {
        return table + LOG_SUFFIX;
    }

    static CdcOptions optionsOf(TableMetadata table) {
        return CdcOptions.fromExtension(table.params.extensions.get(CdcOptions.EXTENSION));
    }

    /** The base table with its CDC options set. */
    static TableMetadata withOptions(TableMetadata base, CdcOptions options) {
        if (options.enabled() && base.isCounter()) {
            throw new InvalidRequestException("Cannot create CDC log for table " + base.keyspace + "." + base.name
                    + ". Counter support not implemented");
        }
        Map<String, ByteBuffer> extensions = new HashMap<>(base.params.extensions);
        extensions.put(CdcOptions.EXTENSION, options.toExtension());
        return base.unbuild()
                .extensions(extensions)
                .memtable(MemtableParams.get(CdcMemtable.CONFIGURATION))
                .build();
    }

    /** The log table that {@code base} needs: a new one, or {@code existing} with columns added and dropped to follow it. */
    static TableMetadata logOf(TableMetadata base, TableMetadata existing) {
        Map<String, AbstractType<?>> columns = logColumns(base);
        TableMetadata.Builder builder = existing == null ? newLog(base) : existing.unbuild();
        if (existing != null) {
            for (ColumnMetadata column : existing.regularAndStaticColumns()) {
                AbstractType<?> type = columns.get(column.name.toString());
                if (type == null) {
                    builder.recordColumnDrop(column, System.currentTimeMillis() * 1000);
                }
                // a column that was dropped and added with another type while CDC was off is added again below
                if (!column.type.equals(type)) {
                    builder.removeRegularOrStaticColumn(column.name);
                }
            }
        }
        columns.forEach((name, type) -> {
            if (builder.getColumn(identifier(name)) == null) {
                builder.addRegularColumn(identifier(name), type);
            }
        });
        return builder.build();
    }

    private static TableMetadata.Builder newLog(TableMetadata base) {
        return TableMetadata.builder(base.keyspace, logName(base.name))
                .comment("CDC log for " + base.keyspace + "." + base.name)
                .gcGraceSeconds(0)
                .addPartitionKeyColumn(identifier(STREAM_ID), BytesType.instance)
                .addClusteringColumn(identifier(TIME), TimeUUIDType.instance)
                .addClusteringColumn(identifier(BATCH_SEQ_NO), Int32Type.instance);
    }

    private static Map<String, AbstractType<?>> logColumns(TableMetadata base) {
        Map<String, AbstractType<?>> columns = new LinkedHashMap<>();
        columns.put(OPERATION, ByteType.instance);
        columns.put(TTL, LongType.instance);
        columns.put(END_OF_BATCH, BooleanType.instance);
        for (ColumnMetadata column : base.columns()) {
            String name = column.name.toString();
            columns.put(name, logType(column.type));
            if (!column.isPrimaryKeyColumn()) {
                columns.put(DELETED + name, BooleanType.instance);
                if (column.type.isMultiCell()) {
                    columns.put(DELETED_ELEMENTS + name, elementsType(column.type));
                }
            }
        }
        return columns;
    }

    private static AbstractType<?> logType(AbstractType<?> type) {
        if (type.isMultiCell() && type instanceof ListType<?> list) {
            // a list's cells are found by their time UUIDs
            return MapType.getInstance(TimeUUIDType.instance, list.getElementsType(), false);
        }
        // a descending clustering column is an ordinary value in the log
        return type.unwrap().freeze();
    }

    private static AbstractType<?> elementsType(AbstractType<?> type) {
        if (type instanceof SetType<?> set) {
            return SetType.getInstance(set.getElementsType(), false);
        }
        if (type instanceof MapType<?, ?> map) {
            return SetType.getInstance(map.getKeysType(), false);
        }
        if (type instanceof ListType<?>) {
            return SetType.getInstance(TimeUUIDType.instance, false);
        }
        if (type instanceof UserType) {
            return SetType.getInstance(ShortType.instance, false);
        }
        throw new InvalidRequestException("cdc: no log format for type " + type.asCQL3Type());
    }

    static ColumnIdentifier identifier(String name) {
        return ColumnIdentifier.getInterned(name, true);
    }
}
