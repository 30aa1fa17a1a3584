package io.github.scyllapgcdc.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The column types an event can carry. Where Avro has no logical type of its own the name is ours; readers that do not know
 * it see the plain type, as Avro's specification says.
 */
public final class EventTypes {
    /** Time of day, a long of nanoseconds since midnight. */
    public static final String TIME_NANOS = "time-nanos";
    /** An IPv4 or IPv6 address in its usual notation. */
    public static final String INET = "inet";
    /** Months, days and nanoseconds as an ISO 8601 duration; each part may be negative. */
    public static final String ISO_DURATION = "iso-duration";
    /** Kafka Connect's name for integers narrower than Avro's: {@code int8} or {@code int16}. */
    public static final String CONNECT_TYPE = "connect.type";

    /** The property that tells arrays and maps apart: {@code list}, {@code set}, {@code vector}, {@code map}; a
     * record that is a {@code tuple} has it, too. */
    public static final String COLLECTION = "collection";

    public static final String LIST = "list";
    public static final String SET = "set";
    public static final String VECTOR = "vector";
    public static final String MAP = "map";
    public static final String TUPLE = "tuple";
    /** The property, true, of a list whose elements have each a time to live of their own. */
    public static final String ELEMENTS_EXPIRE = "elementsExpire";
    /** The property of a UUID type whose values are sorted by the time in them rather than byte by byte. */
    public static final String SORTED_BY = "sortedBy";

    public static final String TIME = "time";
    /** Of the records that an array of a map's entries has. */
    public static final String ENTRY_KEY = "key";

    public static final String ENTRY_VALUE = "value";

    private EventTypes() {}

    /** A plain Avro type. */
    public static Schema plain(Schema.Type type) {
        return Schema.create(type);
    }

    /** An integer of 8 or 16 bits. */
    public static Schema narrowInt(int bits) {
        Schema schema = Schema.create(Schema.Type.INT);
        schema.addProp(CONNECT_TYPE, "int" + bits);
        return schema;
    }

    /** A decimal number of any scale and length, its scale with every value. */
    public static Schema bigDecimal() {
        return LogicalTypes.bigDecimal().addToSchema(Schema.create(Schema.Type.BYTES));
    }

    public static Schema uuid() {
        return LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
    }

    /** A version 1 UUID, sorted by its time. */
    public static Schema timeUuid() {
        Schema schema = uuid();
        schema.addProp(SORTED_BY, TIME);
        return schema;
    }

    public static Schema list(Schema element) {
        return array(element, LIST);
    }

    /** A list whose elements expire one by one. */
    public static Schema listOfCells(Schema element) {
        Schema schema = list(element);
        schema.addProp(ELEMENTS_EXPIRE, true);
        return schema;
    }

    /** Elements in the order of the source; a reader must not depend on it. */
    public static Schema set(Schema element) {
        return array(element, SET);
    }

    /** A list of fixed length. */
    public static Schema vector(Schema element, int dimensions) {
        Schema schema = array(element, VECTOR);
        schema.addProp("dimensions", dimensions);
        return schema;
    }

    /**
     * A map: Avro's own where keys are plain text, otherwise an array of records of {@code key} and {@code value}.
     *
     * @param name full name of those records
     */
    public static Schema map(String name, Schema key, Schema value) {
        if (isPlainText(key)) {
            Schema schema = Schema.createMap(value);
            schema.addProp(COLLECTION, MAP);
            return schema;
        }
        return array(
                Schema.createRecord(
                        name,
                        null,
                        null,
                        false,
                        List.of(new Schema.Field(ENTRY_KEY, key), new Schema.Field(ENTRY_VALUE, value))),
                MAP);
    }

    /** The full name of the record that a column's type is made of, if it needs one; no two columns share it. */
    public static String typeName(TableId table, String column) {
        return typeName(EventSchema.namespace(table) + ".columns", column);
    }

    /** The full name of the record that a part of a column's type is made of: of a field, or of a collection's elements. */
    public static String typeName(String whole, String part) {
        return whole + '.' + AvroNames.escape(part);
    }

    /**
     * A user type: a record whose fields may all be null, so that a field can be added later.
     *
     * @param name the record's full name
     * @param fields field names as they are in the source, and their types
     */
    public static Schema record(String name, Map<String, Schema> fields) {
        List<Schema.Field> list = new ArrayList<>();
        fields.forEach((field, type) -> {
            Schema.Field made = EventSchema.optional(AvroNames.escape(field), type);
            made.addProp(EventSchema.CQL_NAME, field);
            list.add(made);
        });
        return Schema.createRecord(name, null, null, false, list);
    }

    /**
     * A tuple: a record that readers show without the names of its fields.
     *
     * @param name the record's full name
     */
    public static Schema tuple(String name, List<Schema> types) {
        Map<String, Schema> fields = new LinkedHashMap<>();
        for (int i = 0; i < types.size(); i++) {
            fields.put("f" + i, types.get(i));
        }
        Schema schema = record(name, fields);
        schema.addProp(COLLECTION, TUPLE);
        return schema;
    }

    public static boolean isTuple(Schema record) {
        return TUPLE.equals(record.getProp(COLLECTION));
    }

    /** A field's name as it is in the source. */
    public static String fieldName(Schema.Field field) {
        String name = field.getProp(EventSchema.CQL_NAME);
        return name == null ? field.name() : name;
    }

    /** A type without its union with null. */
    public static Schema withoutNull(Schema schema) {
        if (!schema.isUnion()) {
            return schema;
        }
        return schema.getTypes().stream()
                .filter(t -> t.getType() != Schema.Type.NULL)
                .findFirst()
                .orElse(schema);
    }

    /** Whether an array's elements are the entries of a map. */
    static boolean isMap(Schema array) {
        return MAP.equals(array.getProp(COLLECTION));
    }

    private static boolean isPlainText(Schema type) {
        return type.getType() == Schema.Type.STRING && type.getProp("logicalType") == null;
    }

    private static Schema array(Schema element, String collection) {
        Schema schema = Schema.createArray(element);
        schema.addProp(COLLECTION, collection);
        return schema;
    }

    /** An instant, milliseconds since 1970. */
    public static Schema timestampMillis() {
        return LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
    }

    /** A calendar date, days since 1970. */
    public static Schema date() {
        return LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
    }

    public static Schema timeNanos() {
        return named(Schema.Type.LONG, TIME_NANOS);
    }

    public static Schema inet() {
        return named(Schema.Type.STRING, INET);
    }

    public static Schema isoDuration() {
        return named(Schema.Type.STRING, ISO_DURATION);
    }

    private static Schema named(Schema.Type type, String logicalType) {
        Schema schema = Schema.create(type);
        schema.addProp("logicalType", logicalType);
        return schema;
    }
}
