package io.github.scyllapgcdc.event;

import io.github.scyllapgcdc.event.EventColumn.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * A table's shape as events carry it, and the two Avro schemas made of it: the record's key (the primary key) and the
 * envelope, which is Debezium's with {@code changed}, {@code expires_at}, for tables with clustering columns {@code range}, and
 * for tables with columns that can be written element by element {@code partial} and {@code removed} added.
 *
 * <p>Every field made from a column has the properties {@code cqlName} (the column's own name, since Avro allows fewer
 * characters), {@code cqlType}, {@code cqlKind} and, where it is descending, {@code cqlOrder}, so {@link #parse} gets the same shape back.
 */
public final class EventSchema {
    static final String BEFORE = "before";
    static final String AFTER = "after";
    static final String SOURCE = "source";
    static final String OP = "op";
    static final String TS_MS = "ts_ms";
    static final String CHANGED = "changed";
    static final String RANGE = "range";
    static final String EXPIRES_AT = "expires_at";

    static final String PARTIAL = "partial";
    static final String REMOVED = "removed";
    static final String CQL_NAME = "cqlName";
    private static final String CQL_TYPE = "cqlType";
    private static final String CQL_ORDER = "cqlOrder";
    private static final String DESCENDING = "desc";
    private static final String CQL_KIND = "cqlKind";
    private static final String CQL_TABLE = "cqlTable";
    private static final Schema SOURCE_SCHEMA = SchemaBuilder.record("Source")
            .namespace("io.github.scyllapgcdc")
            .fields()
            .requiredString("version")
            .requiredString("connector")
            .requiredString("name")
            .requiredLong(TS_MS)
            .requiredString("keyspace")
            .requiredString("table")
            .requiredLong("ts_us")
            .requiredString("stream_id")
            .requiredString("change_id")
            .endRecord();

    private final TableId table;
    private final List<EventColumn> keyColumns;
    private final List<EventColumn> valueColumns;
    private final int partitionKeySize;
    private final Schema keySchema;
    private final Schema valueSchema;
    private final Map<String, Integer> valueIndexByField;

    private EventSchema(TableId table, List<EventColumn> columns, Schema keySchema, Schema valueSchema) {
        this.table = table;
        this.keyColumns = columns.stream().filter(c -> c.kind().isKey()).toList();
        this.valueColumns = columns.stream().filter(c -> !c.kind().isKey()).toList();
        this.partitionKeySize = (int)
                columns.stream().filter(c -> c.kind() == Kind.PARTITION_KEY).count();
        this.keySchema = keySchema == null ? buildKeySchema() : keySchema;
        this.valueSchema = valueSchema == null ? envelopeSchema() : valueSchema;
        this.valueIndexByField = IntStream.range(0, valueColumns.size())
                .boxed()
                .collect(Collectors.toUnmodifiableMap(i -> fieldName(valueColumns.get(i)), i -> i));
    }

    /**
     * The shape of a table.
     *
     * @param columns partition key columns in order, then clustering columns in order, then the others
     */
    public static EventSchema of(TableId table, List<EventColumn> columns) {
        return new EventSchema(table, List.copyOf(columns), null, null);
    }

    /**
     * The shape that a record's two schemas describe.
     *
     * @throws EventFormatException if they are not an event's
     */
    public static EventSchema parse(Schema key, Schema value) {
        Schema row = rowSchema(value);
        Schema.Field removed = value.getField(REMOVED);
        Schema elements = removed == null ? null : EventTypes.withoutNull(removed.schema());
        List<EventColumn> columns = new ArrayList<>();
        for (Schema.Field field : fields(key, "key")) {
            columns.add(column(field, Kind.PARTITION_KEY, null));
        }
        for (Schema.Field field : row.getFields()) {
            if (key.getField(field.name()) == null) {
                columns.add(column(field, Kind.REGULAR, elements));
            }
        }
        if (value.getField(OP) == null) {
            throw new EventFormatException("schema " + value.getFullName() + " has no field op, so it is no envelope");
        }
        String name = Optional.ofNullable(row.getProp(CQL_TABLE)).orElse(row.getNamespace());
        try {
            return new EventSchema(TableId.parse(name), columns, key, value);
        } catch (IllegalArgumentException e) {
            throw new EventFormatException("schema " + row.getFullName() + " names no table", e);
        }
    }

    public TableId table() {
        return table;
    }

    /** Partition key columns, then clustering columns. */
    public List<EventColumn> keyColumns() {
        return keyColumns;
    }

    /** How many of {@link #keyColumns()} are the partition key; the others are clustering columns. */
    public int partitionKeySize() {
        return partitionKeySize;
    }

    /** All columns outside the key. */
    public List<EventColumn> valueColumns() {
        return valueColumns;
    }

    /** The Avro schema of the record's key: clustering columns may be null there, for changes of a whole partition. */
    public Schema keySchema() {
        return keySchema;
    }

    /** The Avro schema of the record's value, the envelope. */
    public Schema valueSchema() {
        return valueSchema;
    }

    /** Index among {@link #valueColumns()} of an Avro field, or -1. */
    int valueIndex(String field) {
        return valueIndexByField.getOrDefault(field, -1);
    }

    static String fieldName(EventColumn column) {
        return AvroNames.escape(column.name());
    }

    /** The record that {@code before} and {@code after} hold. */
    static Schema rowSchema(Schema envelope) {
        if (envelope.getType() != Schema.Type.RECORD || envelope.getField(AFTER) == null) {
            throw new EventFormatException(
                    "schema " + envelope.getFullName() + " has no field after, so it is no envelope");
        }
        Schema row = EventTypes.withoutNull(envelope.getField(AFTER).schema());
        fields(row, AFTER);
        return row;
    }

    private Schema buildKeySchema() {
        List<Schema.Field> fields = new ArrayList<>();
        for (EventColumn column : keyColumns) {
            fields.add(field(column, column.kind() != Kind.PARTITION_KEY));
        }
        return Schema.createRecord("Key", null, namespace(), false, fields);
    }

    private Schema envelopeSchema() {
        List<Schema.Field> columns = new ArrayList<>();
        keyColumns.forEach(c -> columns.add(field(c, c.kind() != Kind.PARTITION_KEY)));
        valueColumns.forEach(c -> columns.add(field(c, true)));
        Schema row = Schema.createRecord("Value", null, namespace(), false, columns);
        row.addProp(CQL_TABLE, table.toString());

        List<Schema.Field> fields = new ArrayList<>();
        fields.add(optional(BEFORE, row));
        fields.add(optional(AFTER, row));
        fields.add(new Schema.Field(SOURCE, SOURCE_SCHEMA));
        fields.add(new Schema.Field(OP, Schema.create(Schema.Type.STRING)));
        fields.add(optional(TS_MS, Schema.create(Schema.Type.LONG)));
        fields.add(optional(CHANGED, Schema.createArray(Schema.create(Schema.Type.STRING))));
        if (keyColumns.size() > partitionKeySize) {
            fields.add(optional(RANGE, rangeSchema()));
        }
        fields.add(optional(EXPIRES_AT, EventTypes.timestampMillis()));
        if (hasElementColumns()) {
            fields.add(optional(PARTIAL, Schema.createArray(Schema.create(Schema.Type.STRING))));
            fields.add(optional(REMOVED, removedSchema()));
        }
        return Schema.createRecord("Envelope", null, namespace(), false, fields);
    }

    /** Whether the table has columns that a change can write element by element. */
    public boolean hasElementColumns() {
        return valueColumns.stream().anyMatch(c -> c.removed() != null);
    }

    private Schema removedSchema() {
        List<Schema.Field> fields = valueColumns.stream()
                .filter(c -> c.removed() != null)
                .map(c -> optional(fieldName(c), c.removed()))
                .toList();
        return Schema.createRecord("Removed", null, namespace(), false, fields);
    }

    private Schema rangeSchema() {
        List<Schema.Field> prefix = new ArrayList<>();
        keyColumns.subList(partitionKeySize, keyColumns.size()).forEach(c -> prefix.add(field(c, true)));
        Schema clustering = Schema.createRecord("ClusteringPrefix", null, namespace(), false, prefix);
        Schema bool = Schema.create(Schema.Type.BOOLEAN);
        return Schema.createRecord(
                "Range",
                null,
                namespace(),
                false,
                List.of(
                        optional("lower", clustering),
                        new Schema.Field("lowerInclusive", bool),
                        optional("upper", clustering),
                        new Schema.Field("upperInclusive", bool)));
    }

    private String namespace() {
        return namespace(table);
    }

    static String namespace(TableId table) {
        return AvroNames.escape(table.keyspace()) + '.' + AvroNames.escape(table.name());
    }

    private static Schema.Field field(EventColumn column, boolean nullable) {
        Schema.Field field = nullable
                ? optional(fieldName(column), column.type())
                : new Schema.Field(fieldName(column), column.type());
        field.addProp(CQL_NAME, column.name());
        field.addProp(CQL_TYPE, column.cqlType());
        field.addProp(CQL_KIND, column.kind().name().toLowerCase(Locale.ROOT));
        if (column.descending()) {
            field.addProp(CQL_ORDER, DESCENDING);
        }
        return field;
    }

    private static EventColumn column(Schema.Field field, Kind otherwise, Schema elements) {
        String name = Optional.ofNullable(field.getProp(CQL_NAME)).orElse(field.name());
        String kind = field.getProp(CQL_KIND);
        Schema.Field removed = elements == null ? null : elements.getField(field.name());
        try {
            return new EventColumn(
                    name,
                    kind == null ? otherwise : Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                    EventTypes.withoutNull(field.schema()),
                    Optional.ofNullable(field.getProp(CQL_TYPE)).orElse(""),
                    DESCENDING.equals(field.getProp(CQL_ORDER)),
                    removed == null ? null : EventTypes.withoutNull(removed.schema()));
        } catch (IllegalArgumentException e) {
            throw new EventFormatException("column \"" + name + "\" has the unknown kind \"" + kind + "\"", e);
        }
    }

    private static List<Schema.Field> fields(Schema schema, String what) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new EventFormatException(
                    "the " + what + " is of type " + schema.getType().getName() + ", not a record");
        }
        return schema.getFields();
    }

    static Schema.Field optional(String name, Schema type) {
        return new Schema.Field(
                name, Schema.createUnion(Schema.create(Schema.Type.NULL), type), null, JsonProperties.NULL_VALUE);
    }
}
