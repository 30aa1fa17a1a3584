package io.github.scyllapgcdc.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final AvroValueWriter[] keyWriters;
    private final AvroValueWriter[] valueWriters;
    /** Of the value columns that can be written element by element; null for the others. */
    private final AvroValueWriter[] removedWriters;

    private final Map<BitSet, byte[]> namesBytes = new HashMap<>();
    private final boolean hasRange;
    private final boolean hasElementColumns;
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
        this.removedWriters = schema.valueColumns().stream()
                .map(c -> c.removed() == null ? null : AvroValueWriter.of(c.removed()))
                .toArray(AvroValueWriter[]::new);
        this.hasElementColumns = schema.hasElementColumns();
        this.hasRange = schema.keyColumns().size() > schema.partitionKeySize();
        this.keyspace = new Utf8(schema.table().keyspace());
        this.table = new Utf8(schema.table().name());
        for (Operation operation : Operation.values()) {
            codes.put(operation, new Utf8(operation.code()));
        }
    }

    EncodedEvent encode(ChangeEvent event) {
        byte[] key = encodeKey(event.key());
        try {
            begin(valueId);
            writeEnvelope(event);
            return new EncodedEvent(key, bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array can always be written", e);
        }
    }

    byte[] encodeKey(Object[] key) {
        try {
            begin(keyId);
            writeKeyColumns(key, schema.partitionKeySize());
            return bytes.toByteArray();
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
        writeNames(event.changed());
        if (hasRange) {
            writeRange(event.range());
        }
        if (event.expiresAtMillis() == null) {
            out.writeIndex(NULL);
        } else {
            out.writeIndex(PRESENT);
            out.writeLong(event.expiresAtMillis());
        }
        if (hasElementColumns) {
            writeElements(event.elements());
        }
    }

    /** {@code partial} and {@code removed}. */
    private void writeElements(ElementChanges elements) throws IOException {
        if (elements == null) {
            out.writeIndex(NULL);
            out.writeIndex(NULL);
            return;
        }
        writeNames(elements.columns());
        out.writeIndex(PRESENT);
        for (int i = 0; i < removedWriters.length; i++) {
            List<Object> removed = elements.removed().get(i);
            if (removedWriters[i] != null && removed != null) {
                out.writeIndex(PRESENT);
                write(schema.valueColumns().get(i), removedWriters[i], removed);
            } else if (removedWriters[i] != null) {
                out.writeIndex(NULL);
            } else if (removed != null) {
                throw refused(schema.valueColumns().get(i), "is only ever written whole", null);
            }
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

    private void writeOptional(List<EventColumn> columns, AvroValueWriter[] writers, Object[] values, int from)
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

    private void write(EventColumn column, AvroValueWriter writer, Object value) throws IOException {
        try {
            writer.write(out, value);
        } catch (ClassCastException e) {
            throw refused(column, "can't hold a " + value.getClass().getSimpleName() + " of this kind", e);
        } catch (EventFormatException e) {
            throw refused(column, e.getMessage(), e);
        }
    }

    private static EventFormatException refused(EventColumn column, String why, RuntimeException cause) {
        return new EventFormatException("column " + column.name() + " (" + column.cqlType() + ") " + why, cause);
    }

    /** Few combinations of columns are ever written together, so each is encoded once. */
    private void writeNames(BitSet columns) throws IOException {
        if (columns == null) {
            out.writeIndex(NULL);
            return;
        }
        byte[] encoded = namesBytes.get(columns);
        if (encoded == null) {
            encoded = encodeNames(columns);
            if (namesBytes.size() < 1000) {
                namesBytes.put((BitSet) columns.clone(), encoded);
            }
        }
        out.writeIndex(PRESENT);
        out.writeFixed(encoded);
    }

    private byte[] encodeNames(BitSet columns) throws IOException {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(array, null);
        encoder.writeArrayStart();
        encoder.setItemCount(columns.cardinality());
        for (int i = columns.nextSetBit(0); i >= 0; i = columns.nextSetBit(i + 1)) {
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

    private static AvroValueWriter[] writers(List<EventColumn> columns) {
        return columns.stream().map(EventEncoder::writer).toArray(AvroValueWriter[]::new);
    }

    private static AvroValueWriter writer(EventColumn column) {
        try {
            return AvroValueWriter.of(column.type());
        } catch (EventFormatException e) {
            throw new EventFormatException("column " + column.name() + ": " + e.getMessage(), e);
        }
    }
}
