package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.SetType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import com.datastax.oss.driver.internal.core.type.UserDefinedTypeBuilder;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.schema.CqlTypes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Tables and rows of their logs, made by hand. */
final class TestLog {
    static final TableId TABLE = new TableId("shop", "t");
    static final UUID TIME = UUID.fromString("8ac6d1dc-fbeb-11e9-8f0b-362b9e155667");
    static final String STREAM = "00112233445566778899aabbccddeeff";
    static final long READ_AT = 1_700_000_000_000L;

    private TestLog() {}

    record Column(EventColumn event, DataType type) {}

    static Column column(String name, Kind kind, DataType type) {
        return new Column(
                new EventColumn(
                        name,
                        kind,
                        CqlTypes.avroType(TABLE, name, type),
                        type.asCql(true, true),
                        false,
                        CqlTypes.removedType(TABLE, name, type)),
                type);
    }

    static TableShape shape(Column... columns) {
        Map<String, DataType> types = new LinkedHashMap<>();
        List<EventColumn> events = new ArrayList<>();
        for (Column column : columns) {
            types.put(column.event().name(), column.type());
            events.add(column.event());
        }
        return new TableShape(EventSchema.of(TABLE, events), types, Optional.empty());
    }

    static TableShape keysOnly(TableShape shape) {
        return new TableShape(shape.schema(), shape.types(), shape.ttl(), true);
    }

    static UserDefinedType user(String name, String... textFields) {
        UserDefinedTypeBuilder builder = new UserDefinedTypeBuilder("shop", name);
        for (String field : textFields) {
            builder.withField(CqlIdentifier.fromInternal(field), DataTypes.TEXT);
        }
        return builder.build().copy(false);
    }

    /** The columns that ScyllaDB's log of the table has. */
    static List<LogColumn> logColumns(TableShape shape) {
        List<LogColumn> columns = new ArrayList<>(List.of(
                new LogColumn("cdc$stream_id", DataTypes.BLOB),
                new LogColumn("cdc$time", DataTypes.TIMEUUID),
                new LogColumn("cdc$batch_seq_no", DataTypes.INT),
                new LogColumn("cdc$operation", DataTypes.TINYINT),
                new LogColumn("cdc$ttl", DataTypes.BIGINT),
                new LogColumn("cdc$end_of_batch", DataTypes.BOOLEAN)));
        shape.types().forEach((name, type) -> {
            DataType logged = type;
            DataType deletedElement = null;
            if (type instanceof ListType list && !list.isFrozen()) {
                logged = DataTypes.mapOf(DataTypes.TIMEUUID, list.getElementType());
                deletedElement = DataTypes.TIMEUUID;
            } else if (type instanceof SetType set && !set.isFrozen()) {
                deletedElement = set.getElementType();
            } else if (type instanceof MapType map && !map.isFrozen()) {
                deletedElement = map.getKeyType();
            } else if (type instanceof UserDefinedType user && !user.isFrozen()) {
                deletedElement = DataTypes.SMALLINT;
            }
            columns.add(new LogColumn(name, logged));
            columns.add(new LogColumn("cdc$deleted_" + name, DataTypes.BOOLEAN));
            if (deletedElement != null) {
                columns.add(new LogColumn("cdc$deleted_elements_" + name, DataTypes.setOf(deletedElement)));
            }
        });
        return columns;
    }

    /** A decoder that stands on a row given as column, value, column, value, … */
    static LogDecoder decoder(TableShape shape, int operation, Object... cells) {
        LogDecoder decoder = new LogDecoder(shape.layout(logColumns(shape)));
        decoder.read(row(shape, 3, operation, cells));
        return decoder;
    }

    static LogRow row(TableShape shape, int sequence, int operation, Object... cells) {
        List<LogColumn> columns = logColumns(shape);
        Map<String, Object> row = new HashMap<>(Map.of(
                "cdc$stream_id",
                new StreamId(STREAM).bytes(),
                "cdc$time",
                TIME,
                "cdc$batch_seq_no",
                sequence,
                "cdc$operation",
                (byte) operation));
        for (int i = 0; i < cells.length; i += 2) {
            row.put((String) cells[i], cells[i + 1]);
        }
        return index ->
                bytes(columns.get(index).type(), row.get(columns.get(index).name()));
    }

    /** All rows as one mutation. */
    static List<LogChange> changes(TableShape shape, LogRow... rows) {
        LogDecoder decoder = new LogDecoder(shape.layout(logColumns(shape)));
        decoder.read(rows[0]);
        Mutation mutation = new Mutation(decoder);
        for (LogRow row : rows) {
            decoder.read(row);
            mutation.take(decoder, READ_AT);
        }
        return mutation.complete().changes();
    }

    static ByteBuffer bytes(DataType type, Object value) {
        return value == null ? null : CodecRegistry.DEFAULT.codecFor(type).encode(value, ProtocolVersion.V4);
    }

    static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }
}
