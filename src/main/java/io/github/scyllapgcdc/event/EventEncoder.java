package io.github.scyllapgcdc.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Writes the events of one shape. It writes Avro's binary field by field in the order of {@link EventSchema}'s own schemas,
 * since building a generic record and having it walked costs several times as much per row.
 */
final class EventEncoder {
    private static final int NULL = 0;
    private static final int PRESENT = 1;
    private static final String VERSION = Optional.ofNullable(
                    EventEncoder.class.getPackage().getImplementationVersion())
            .orElse("development");

    private final EventSchema schema;
    private final int keyId;
    private final int valueId;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private final BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
    private final ValueWriter[] keyWriters;
    private final ValueWriter[] valueWriters;
    private final Map<BitSet, byte[]> changedBytes = new HashMap<>();
    private final boolean hasRange;
    private final Utf8 version = new Utf8(VERSION);
    private final Utf8 keyspace;
    private final Utf8 table;
    private final Map<Operation, Utf8> codes = new HashMap<>();

    EventEncoder(EventSchema schema, int keyId, int valueId) {
        this.schema = schema;
        this.keyId = keyId;
        this.valueId = valueId;
        this.keyWriters = writers(schema.keyColumns());
        this.valueWriters = writers(schema.valueColumns());
        this.hasRange = schema.keyColumns().size() > schema.partitionKeySize();
        this.keyspace = new Utf8(schema.table().keyspace());
        this.table = new Utf8(schema.table().name());
        for (Operation operation : Operation.values()) {
            codes.put(operation, new Utf8(operation.code()));
        }
    }

    EncodedEvent encode(ChangeEvent event) {
        try {
            begin(keyId);
            writeKeyColumns(event.key(), schema.partitionKeySize());
            byte[] key = bytes.toByteArray();
            begin(valueId);
            writeEnvelope(event);
            return new EncodedEvent(key, bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array can always be written", e);
        }
    }

    private void begin(int id) {
        bytes.reset();
        bytes.write(EventCodec.MAGIC);
        bytes.write(id >>> 24);
        bytes.write(id >>> 16);
        bytes.write(id >>> 8);
        bytes.write(id);
    }

    private void writeEnvelope(ChangeEvent event) throws IOException {
        out.writeIndex(NULL); // before: only images know it
        if (event.values() == null) {
            out.writeIndex(NULL);
        } else {
            out.writeIndex(PRESENT);
            writeKeyColumns(event.key(), schema.partitionKeySize());
            writeOptional(schema.valueColumns(), valueWriters, event.values(), 0);
        }
        writeSource(event.source());
        out.writeString(codes.get(event.op()));
        out.writeIndex(PRESENT);
        out.writeLong(event.source().readMillis());
        writeChanged(event.changed());
        if (hasRange) {
            writeRange(event.range());
        }
        if (event.expiresAtMillis() == null) {
            out.writeIndex(NULL);
        } else {
            out.writeIndex(PRESENT);
            out.writeLong(event.expiresAtMillis());
        }
    }

    private void writeSource(SourcePosition source) throws IOException {
        out.writeString(version);
        out.writeString("scylla");
        out.writeString("scylla-pg-cdc");
        out.writeLong(source.tsMicros() / 1000);
        out.writeString(keyspace);
        out.writeString(table);
        out.writeLong(source.tsMicros());
        out.writeString(source.streamId());
        out.writeString(source.changeId());
    }

    private void writeKeyColumns(Object[] key, int partitionKeySize) throws IOException {
        for (int i = 0; i < partitionKeySize; i++) {
            if (key[i] == null) {
                throw new EventFormatException(
                        "partition key column " + schema.keyColumns().get(i).name() + " has no value");
            }
            write(schema.keyColumns().get(i), keyWriters[i], key[i]);
        }
        writeOptional(schema.keyColumns(), keyWriters, key, partitionKeySize);
    }

    private void writeOptional(List<EventColumn> columns, ValueWriter[] writers, Object[] values, int from)
            throws IOException {
        for (int i = from; i < writers.length; i++) {
            if (values[i] == null) {
                out.writeIndex(NULL);
            } else {
                out.writeIndex(PRESENT);
                write(columns.get(i), writers[i], values[i]);
            }
        }
    }

    private void write(EventColumn column, ValueWriter writer, Object value) throws IOException {
        try {
            writer.write(out, value);
        } catch (ClassCastException e) {
            throw new EventFormatException(
                    "column " + column.name() + " (" + column.cqlType() + ") can't hold a "
                            + value.getClass().getSimpleName(),
                    e);
        }
    }

    /** Few combinations of columns are ever written together, so each is encoded once. */
    private void writeChanged(BitSet changed) throws IOException {
        if (changed == null) {
            out.writeIndex(NULL);
            return;
        }
        byte[] encoded = changedBytes.get(changed);
        if (encoded == null) {
            encoded = encodeChanged(changed);
            if (changedBytes.size() < 1000) {
                changedBytes.put((BitSet) changed.clone(), encoded);
            }
        }
        out.writeIndex(PRESENT);
        out.writeFixed(encoded);
    }

    private byte[] encodeChanged(BitSet changed) throws IOException {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(array, null);
        encoder.writeArrayStart();
        encoder.setItemCount(changed.cardinality());
        for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
            encoder.startItem();
            encoder.writeString(EventSchema.fieldName(schema.valueColumns().get(i)));
        }
        encoder.writeArrayEnd();
        return array.toByteArray();
    }

    private void writeRange(Range range) throws IOException {
        if (range == null) {
            out.writeIndex(NULL);
            return;
        }
        out.writeIndex(PRESENT);
        writeBound(range.lower());
        writeBound(range.upper());
    }

    private void writeBound(Range.Bound bound) throws IOException {
        if (bound == null) {
            out.writeIndex(NULL);
            out.writeBoolean(false);
            return;
        }
        out.writeIndex(PRESENT);
        int clusteringSize = keyWriters.length - schema.partitionKeySize();
        for (int i = 0; i < clusteringSize; i++) {
            Object value = bound.prefix()[i];
            int column = schema.partitionKeySize() + i;
            if (value == null) {
                out.writeIndex(NULL);
            } else {
                out.writeIndex(PRESENT);
                write(schema.keyColumns().get(column), keyWriters[column], value);
            }
        }
        out.writeBoolean(bound.inclusive());
    }

    private interface ValueWriter {
        void write(BinaryEncoder out, Object value) throws IOException;
    }

    private static ValueWriter[] writers(List<EventColumn> columns) {
        List<ValueWriter> writers = new ArrayList<>();
        columns.forEach(c -> writers.add(writer(c)));
        return writers.toArray(ValueWriter[]::new);
    }

    private static ValueWriter writer(EventColumn column) {
        Schema type = column.type();
        return switch (type.getType()) {
            case BOOLEAN -> (out, v) -> out.writeBoolean((Boolean) v);
            case INT -> (out, v) -> out.writeInt((Integer) v);
            case LONG -> (out, v) -> out.writeLong((Long) v);
            case FLOAT -> (out, v) -> out.writeFloat((Float) v);
            case DOUBLE -> (out, v) -> out.writeDouble((Double) v);
            case STRING -> EventEncoder::writeText;
            case BYTES ->
                isBigDecimal(type) ? EventEncoder::writeBigDecimal : (out, v) -> out.writeBytes((ByteBuffer) v);
            default ->
                throw new EventFormatException("column " + column.name() + " has the Avro type " + type
                        + ", which events " + "can't carry yet");
        };
    }

    static boolean isBigDecimal(Schema type) {
        return type.getLogicalType() instanceof LogicalTypes.BigDecimal;
    }

    private static void writeText(BinaryEncoder out, Object value) throws IOException {
        if (value instanceof Utf8 utf8) {
            out.writeString(utf8);
        } else {
            out.writeString((String) value);
        }
    }

    /** Avro's big-decimal: bytes that hold the unscaled value as bytes, then the scale as an int. */
    private static void writeBigDecimal(BinaryEncoder out, Object value) throws IOException {
        BigDecimal decimal = (BigDecimal) value;
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(inner, null);
        encoder.writeBytes(decimal.unscaledValue().toByteArray());
        encoder.writeInt(decimal.scale());
        out.writeBytes(inner.toByteArray());
    }
}
