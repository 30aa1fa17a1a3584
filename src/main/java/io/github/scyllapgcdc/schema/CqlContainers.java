package io.github.scyllapgcdc.schema;

import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.SetType;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.api.core.type.VectorType;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import com.datastax.oss.driver.internal.core.type.util.VIntCoding;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The types of CQL that hold other types, as protocol version 3 and later serialise them: a value within is its length and
 * its bytes, the length −1 is null. Collections begin with their count; fields come one after the other, and those added to
 * the type later are missing at the end. A vector's elements of fixed length have no length before them, the others an
 * unsigned variable-length one.
 */
final class CqlContainers {
    private static final String TUPLE_FIELD = "field";

    private CqlContainers() {}

    static CqlTypes.Reader reader(DataType type) {
        if (type instanceof ListType list) {
            return elements(CqlTypes.reader(list.getElementType()));
        }
        if (type instanceof SetType set) {
            return elements(CqlTypes.reader(set.getElementType()));
        }
        if (type instanceof MapType map) {
            return entries(CqlTypes.reader(map.getKeyType()), CqlTypes.reader(map.getValueType()));
        }
        return type instanceof VectorType vector ? vector(vector) : record(type);
    }

    static CqlTypes.Writer writer(DataType type) {
        if (type instanceof ListType list) {
            return elementsWriter(CqlTypes.writer(list.getElementType()));
        }
        if (type instanceof SetType set) {
            return elementsWriter(CqlTypes.writer(set.getElementType()));
        }
        if (type instanceof MapType map) {
            return entriesWriter(CqlTypes.writer(map.getKeyType()), CqlTypes.writer(map.getValueType()));
        }
        return type instanceof VectorType vector ? vectorWriter(vector) : recordWriter(type);
    }

    /** Names and types of the fields of a user type or tuple; those of a tuple are called field1, field2 and so on. */
    static Map<String, DataType> fields(DataType type) {
        List<DataType> types =
                type instanceof UserDefinedType user ? user.getFieldTypes() : ((TupleType) type).getComponentTypes();
        Map<String, DataType> fields = new LinkedHashMap<>();
        for (int i = 0; i < types.size(); i++) {
            String name = type instanceof UserDefinedType user
                    ? user.getFieldNames().get(i).asInternal()
                    : TUPLE_FIELD + (i + 1);
            fields.put(name, types.get(i));
        }
        return fields;
    }

    private static CqlTypes.Reader elements(CqlTypes.Reader element) {
        return bytes -> {
            ByteBuffer b = bytes.duplicate();
            int count = count(b);
            List<Object> list = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                list.add(read(element, next(b)));
            }
            return list;
        };
    }

    private static CqlTypes.Reader entries(CqlTypes.Reader key, CqlTypes.Reader value) {
        return bytes -> {
            ByteBuffer b = bytes.duplicate();
            int count = count(b);
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                map.put(read(key, next(b)), read(value, next(b)));
            }
            return map;
        };
    }

    private static CqlTypes.Reader record(DataType type) {
        CqlTypes.Reader[] readers =
                fields(type).values().stream().map(CqlTypes::reader).toArray(CqlTypes.Reader[]::new);
        return bytes -> {
            ByteBuffer b = bytes.duplicate();
            Object[] fields = new Object[readers.length];
            for (int i = 0; i < readers.length && b.hasRemaining(); i++) {
                fields[i] = read(readers[i], next(b));
            }
            if (b.hasRemaining()) {
                throw new StaleTypeException("a value of " + type.asCql(false, true) + " has more than the "
                        + readers.length + " fields known of the type");
            }
            return Arrays.asList(fields);
        };
    }

    private static CqlTypes.Reader vector(VectorType type) {
        CqlTypes.Reader element = CqlTypes.reader(type.getElementType());
        int length = fixedLength(type.getElementType());
        int count = type.getDimensions();
        return bytes -> {
            ByteBuffer b = bytes.duplicate();
            List<Object> list = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                list.add(element.read(slice(b, length > 0 ? length : variableLength(b))));
            }
            return list;
        };
    }

    private static CqlTypes.Writer elementsWriter(CqlTypes.Writer element) {
        return value -> {
            List<?> list = (List<?>) value;
            List<ByteBuffer> parts = new ArrayList<>(list.size());
            list.forEach(each -> parts.add(write(element, each)));
            return counted(list.size(), parts);
        };
    }

    private static CqlTypes.Writer entriesWriter(CqlTypes.Writer key, CqlTypes.Writer value) {
        return entries -> {
            Map<?, ?> map = (Map<?, ?>) entries;
            List<ByteBuffer> parts = new ArrayList<>(2 * map.size());
            map.forEach((k, v) -> {
                parts.add(write(key, k));
                parts.add(write(value, v));
            });
            return counted(map.size(), parts);
        };
    }

    private static CqlTypes.Writer recordWriter(DataType type) {
        CqlTypes.Writer[] writers =
                fields(type).values().stream().map(CqlTypes::writer).toArray(CqlTypes.Writer[]::new);
        return value -> {
            List<?> fields = (List<?>) value;
            // A value made before the type got its last fields lacks them in CQL, too
            int count = Math.min(fields.size(), writers.length);
            List<ByteBuffer> parts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                parts.add(write(writers[i], fields.get(i)));
            }
            return packed(ByteBuffer.allocate(size(parts)), parts);
        };
    }

    private static CqlTypes.Writer vectorWriter(VectorType type) {
        CqlTypes.Writer element = CqlTypes.writer(type.getElementType());
        boolean fixed = fixedLength(type.getElementType()) > 0;
        return value -> {
            List<ByteBuffer> parts = new ArrayList<>(type.getDimensions());
            int size = 0;
            for (Object each : (List<?>) value) {
                ByteBuffer part = element.write(each);
                parts.add(part);
                size += part.remaining() + (fixed ? 0 : VIntCoding.computeUnsignedVIntSize(part.remaining()));
            }
            ByteBuffer packed = ByteBuffer.allocate(size);
            for (ByteBuffer part : parts) {
                if (!fixed) {
                    VIntCoding.writeUnsignedVInt32(part.remaining(), packed);
                }
                packed.put(part);
            }
            return packed.flip();
        };
    }

    /** How many bytes each value of a type has, or 0 where they differ. */
    private static int fixedLength(DataType type) {
        if (type instanceof VectorType vector) {
            return vector.getDimensions() * fixedLength(vector.getElementType());
        }
        return CodecRegistry.DEFAULT.codecFor(type).serializedSize().orElse(0);
    }

    private static int count(ByteBuffer b) {
        int count = b.getInt();
        if (count < 0 || count > b.remaining() / Integer.BYTES) {
            throw new IllegalArgumentException(count + " elements in " + b.remaining() + " bytes");
        }
        return count;
    }

    private static ByteBuffer next(ByteBuffer b) {
        int length = b.getInt();
        return length < 0 ? null : slice(b, length);
    }

    private static int variableLength(ByteBuffer b) {
        int length = VIntCoding.getUnsignedVInt32(b, b.position());
        b.position(b.position() + VIntCoding.computeUnsignedVIntSize(length));
        return length;
    }

    private static ByteBuffer slice(ByteBuffer b, int length) {
        ByteBuffer part = b.slice(b.position(), length);
        b.position(b.position() + length);
        return part;
    }

    private static Object read(CqlTypes.Reader reader, ByteBuffer part) {
        return part == null ? null : reader.read(part);
    }

    private static ByteBuffer write(CqlTypes.Writer writer, Object value) {
        return value == null ? null : writer.write(value);
    }

    private static ByteBuffer counted(int count, List<ByteBuffer> parts) {
        return packed(ByteBuffer.allocate(Integer.BYTES + size(parts)).putInt(count), parts);
    }

    private static int size(List<ByteBuffer> parts) {
        return parts.stream()
                .mapToInt(part -> Integer.BYTES + (part == null ? 0 : part.remaining()))
                .sum();
    }

    private static ByteBuffer packed(ByteBuffer into, List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            if (part == null) {
                into.putInt(-1);
            } else {
                into.putInt(part.remaining()).put(part.duplicate());
            }
        }
        return into.flip();
    }
}
