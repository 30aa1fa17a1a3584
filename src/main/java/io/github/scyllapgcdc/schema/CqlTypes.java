package io.github.scyllapgcdc.schema;

import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.SetType;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.api.core.type.VectorType;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.TableId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * CQL's types as events carry them. Values are read from the bytes the server sent, without the driver's codec look-up,
 * which costs more than the reading itself.
 */
public final class CqlTypes {
    private static final String ELEMENT = "element";
    private static final String ENTRY = "entry";
    private static final String KEY = "key";
    private static final String VALUE = "value";

    private CqlTypes() {}

    /** Turns a value as CQL serialises it into the event's Java type. Never asked about null, and moves no position. */
    @FunctionalInterface
    public interface Reader {
        Object read(ByteBuffer bytes);
    }

    /** Turns an event's value into the bytes of CQL. Never asked about null. */
    @FunctionalInterface
    public interface Writer {
        ByteBuffer write(Object value);
    }

    /**
     * The Avro type of a column. The records in it, which Avro wants named, are named after the column and their place in it.
     *
     * @throws UnsupportedTypeException if events can't carry the type
     */
    public static Schema avroType(TableId table, String column, DataType type) {
        String name = EventTypes.typeName(table, column);
        return type instanceof ListType list && !list.isFrozen()
                ? EventTypes.listOfCells(avroType(EventTypes.typeName(name, ELEMENT), list.getElementType()))
                : avroType(name, type);
    }

    /**
     * The Avro type of the list of elements that a change can remove from a column.
     *
     * @return null if columns of the type are only ever written whole
     */
    public static Schema removedType(TableId table, String column, DataType type) {
        String name = EventTypes.typeName(table, column);
        if (type instanceof SetType set && !set.isFrozen()) {
            return Schema.createArray(avroType(EventTypes.typeName(name, ELEMENT), set.getElementType()));
        }
        if (type instanceof MapType map && !map.isFrozen()) {
            return Schema.createArray(avroType(EventTypes.typeName(name, KEY), map.getKeyType()));
        }
        return type instanceof UserDefinedType user && !user.isFrozen()
                ? Schema.createArray(EventTypes.plain(Schema.Type.STRING))
                : null;
    }

    /**
     * The reader of a CQL type's values.
     *
     * @throws UnsupportedTypeException if events can't carry the type
     */
    public static Reader reader(DataType type) {
        return isScalar(type) ? CqlScalars.reader(type) : CqlContainers.reader(type);
    }

    /**
     * The writer of a CQL type's values. It takes what {@link #reader} gives, in Avro's Java types or as an event's decoder
     * returns them; a value of another kind is met with a ClassCastException or an IllegalArgumentException.
     *
     * @throws UnsupportedTypeException if events can't carry the type
     */
    public static Writer writer(DataType type) {
        return isScalar(type) ? CqlScalars.writer(type) : CqlContainers.writer(type);
    }

    private static Schema avroType(String name, DataType type) {
        if (type instanceof ListType list) {
            return EventTypes.list(avroType(EventTypes.typeName(name, ELEMENT), list.getElementType()));
        }
        if (type instanceof SetType set) {
            return EventTypes.set(avroType(EventTypes.typeName(name, ELEMENT), set.getElementType()));
        }
        if (type instanceof VectorType vector) {
            return EventTypes.vector(
                    avroType(EventTypes.typeName(name, ELEMENT), vector.getElementType()), vector.getDimensions());
        }
        if (type instanceof MapType map) {
            return EventTypes.map(
                    EventTypes.typeName(name, ENTRY),
                    avroType(EventTypes.typeName(name, KEY), map.getKeyType()),
                    avroType(EventTypes.typeName(name, VALUE), map.getValueType()));
        }
        if (type instanceof TupleType tuple) {
            List<Schema> fields = new ArrayList<>();
            CqlContainers.fields(tuple)
                    .forEach((field, of) -> fields.add(avroType(EventTypes.typeName(name, field), of)));
            return EventTypes.tuple(name, fields);
        }
        if (type instanceof UserDefinedType) {
            Map<String, Schema> fields = new LinkedHashMap<>();
            CqlContainers.fields(type)
                    .forEach((field, of) -> fields.put(field, avroType(EventTypes.typeName(name, field), of)));
            return EventTypes.record(name, fields);
        }
        return CqlScalars.avroType(type);
    }

    private static boolean isScalar(DataType type) {
        return switch (type.getProtocolCode()) {
            case ProtocolConstants.DataType.LIST,
                    ProtocolConstants.DataType.SET,
                    ProtocolConstants.DataType.MAP,
                    ProtocolConstants.DataType.UDT,
                    ProtocolConstants.DataType.TUPLE -> false;
            default -> !(type instanceof VectorType);
        };
    }

    static UnsupportedTypeException unsupported(DataType type) {
        String name = type.asCql(false, true);
        return new UnsupportedTypeException(
                type.getProtocolCode() == ProtocolConstants.DataType.COUNTER
                        ? "the type " + name + " can't be replicated: ScyllaDB keeps no CDC log of counters"
                        : "the type " + name + " is not one of CQL's own and can't be replicated");
    }
}
