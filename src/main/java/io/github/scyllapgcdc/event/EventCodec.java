package io.github.scyllapgcdc.event;

import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Events to bytes and back, in the Confluent wire format. One codec belongs to one thread: it keeps buffers and what it
 * derived from each schema.
 */
public final class EventCodec {
    static final byte MAGIC = 0;
    static final int HEADER_BYTES = 5;

    private final SchemaRegistry registry;
    private final Map<EventSchema, EventEncoder> encoders = new HashMap<>();
    private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new HashMap<>();
    private final Map<Integer, AvroValueWriter> keyWriters = new HashMap<>();
    private final Map<Long, EventDecoder> decoders = new HashMap<>();
    private BinaryDecoder reuse;

    public EventCodec(SchemaRegistry registry) {
        this.registry = registry;
    }

    /**
     * The bytes of an event. The first event of an {@link EventSchema} registers its two schemas.
     *
     * @throws RegistryException if the registry can't be reached or rejects the schema
     * @throws EventFormatException if a value is not of its column's type
     */
    public EncodedEvent encode(ChangeEvent event) {
        return encoder(event.schema()).encode(event);
    }

    /**
     * The bytes of a key, as the record of an event with it has them. The first one of an {@link EventSchema} registers its two
     * schemas.
     *
     * @param key in the order of the key columns; clustering columns are null for a whole partition
     * @throws RegistryException if the registry can't be reached or rejects the schema
     * @throws EventFormatException if a value is not of its column's type
     */
    public byte[] encodeKey(EventSchema schema, Object[] key) {
        return encoder(schema).encodeKey(key);
    }

    private EventEncoder encoder(EventSchema schema) {
        EventEncoder encoder = encoders.get(schema);
        if (encoder == null) {
            String topic = schema.table().topic();
            int keyId = registry.register(topic + "-key", schema.keySchema());
            int valueId = registry.register(topic + "-value", schema.valueSchema());
            encoder = new EventEncoder(schema, keyId, valueId);
            encoders.put(schema, encoder);
        }
        return encoder;
    }

    /**
     * The event of a record's bytes. A record without a value is a tombstone, which callers leave out before.
     *
     * @throws EventFormatException if the bytes are not an event and never will be
     * @throws RegistryException if a schema can't be fetched; where that can't be mended by waiting, it is not retryable
     */
    public ChangeEvent decode(byte[] key, byte[] value) {
        int keyId = schemaId(key, "key");
        int valueId = schemaId(value, "value");
        GenericRecord keyRecord = read(key, keyId, "key");
        GenericRecord valueRecord = read(value, valueId, "value");
        long pair = ((long) keyId << 32) | (valueId & 0xffffffffL);
        EventDecoder decoder = decoders.get(pair);
        if (decoder == null) {
            decoder = new EventDecoder(EventSchema.parse(keyRecord.getSchema(), valueRecord.getSchema()));
            decoders.put(pair, decoder);
        }
        return decoder.decode(keyRecord, valueRecord);
    }

    /**
     * The values of a record's key, in the order of the table's key columns.
     *
     * @throws EventFormatException if the bytes are not an event's key and never will be
     * @throws RegistryException if the schema can't be fetched; where that can't be mended by waiting, it is not retryable
     */
    public Object[] decodeKey(byte[] key) {
        return EventDecoder.key(read(key, schemaId(key, "key"), "key"));
    }

    /**
     * The bytes of a key, as a record of the row has them.
     *
     * @param schemaId of the key's schema, which is registered
     * @param values in the order of the schema's fields
     */
    public byte[] encodeKey(int schemaId, Object... values) {
        AvroValueWriter writer =
                keyWriters.computeIfAbsent(schemaId, id -> AvroValueWriter.of(recordSchema(id, "key")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(MAGIC);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(schemaId).array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            writer.write(encoder, Arrays.asList(values));
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array can always be written", e);
        }
        return bytes.toByteArray();
    }

    private static int schemaId(byte[] bytes, String part) {
        if (bytes == null) {
            throw new EventFormatException("the record has no " + part);
        }
        if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
            throw new EventFormatException("the record's " + part
                    + " is not in the Confluent wire format: it does not begin with a zero byte and a " + "schema id");
        }
        return ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    }

    private GenericRecord read(byte[] bytes, int id, String part) {
        GenericDatumReader<GenericRecord> reader = readers.get(id);
        if (reader == null) {
            reader = new OrderedMapReader(recordSchema(id, part));
            readers.put(id, reader);
        }
        reuse = DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, reuse);
        try {
            GenericRecord record = reader.read(null, reuse);
            if (!reuse.isEnd()) {
                throw new EventFormatException(
                        "the record's " + part + " has bytes behind what schema id " + id + " says");
            }
            return record;
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new EventFormatException(
                    "the record's " + part + " is not what schema id " + id + " says: " + e.getMessage(), e);
        }
    }

    private Schema recordSchema(int id, String part) {
        Schema schema = registry.byId(id);
        if (schema.getType() != Schema.Type.RECORD) {
            throw new EventFormatException("schema id " + id + " of the record's " + part + " is no record");
        }
        return schema;
    }

    /** Reads maps in the order in which they were written. */
    private static final class OrderedMapReader extends GenericDatumReader<GenericRecord> {
        OrderedMapReader(Schema schema) {
            super(schema, schema, new GenericData());
            // Avro's fast reader does not ask newMap, so it is for schemas without maps
            getData().setFastReaderEnabled(!schema.toString().contains("\"map\""));
        }

        @Override
        protected Object newMap(Object old, int size) {
            return new LinkedHashMap<>();
        }
    }
}
