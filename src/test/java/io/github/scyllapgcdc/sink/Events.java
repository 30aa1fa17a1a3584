package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.ElementChanges;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.event.SourcePosition;
import io.github.scyllapgcdc.event.TableId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;

/** Makes events the short way. */
public final class Events {
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private final EventSchema schema;

    public Events(EventSchema schema) {
        this.schema = schema;
    }

    /** The quickstart's table. */
    public static Events users(String table) {
        return new Events(EventSchema.of(
                TableId.parse(table),
                List.of(
                        column("user_id", Kind.PARTITION_KEY, plain(Schema.Type.LONG)),
                        column("email", Kind.REGULAR, plain(Schema.Type.STRING)),
                        column("name", Kind.REGULAR, plain(Schema.Type.STRING)),
                        column("created_at", Kind.REGULAR, EventTypes.timestampMillis()),
                        column("updated_at", Kind.REGULAR, EventTypes.timestampMillis()))));
    }

    /** A table whose partitions have many rows. */
    public static Events readings(String table) {
        return new Events(EventSchema.of(
                TableId.parse(table),
                List.of(
                        column("sensor", Kind.PARTITION_KEY, plain(Schema.Type.STRING)),
                        column("at", Kind.CLUSTERING, plain(Schema.Type.INT)),
                        column("value", Kind.REGULAR, plain(Schema.Type.DOUBLE)),
                        column("note", Kind.REGULAR, plain(Schema.Type.STRING)))));
    }

    public static EventColumn column(String name, Kind kind, Schema type) {
        return new EventColumn(name, kind, type, "");
    }

    public static Schema plain(Schema.Type type) {
        return EventTypes.plain(type);
    }

    public EventSchema schema() {
        return schema;
    }

    public ChangeEvent insert(List<?> key, Map<String, ?> written) {
        return write(Operation.CREATE, key, written);
    }

    public ChangeEvent update(List<?> key, Map<String, ?> written) {
        return write(Operation.UPDATE, key, written);
    }

    /** A row as it was read: columns not named are null. */
    public ChangeEvent read(List<?> key, Map<String, ?> row) {
        ChangeEvent event = write(Operation.READ, key, row);
        return new ChangeEvent(schema, Operation.READ, event.key(), event.values(), null, null, null, event.source());
    }

    public ChangeEvent delete(List<?> key) {
        return new ChangeEvent(schema, Operation.DELETE, key(key), null, new BitSet(), null, null, source());
    }

    /** A delete of some of a partition's rows. */
    public ChangeEvent delete(List<?> partitionKey, Range range) {
        return new ChangeEvent(schema, Operation.DELETE, key(partitionKey), null, new BitSet(), range, null, source());
    }

    /** The same event with a time to live. */
    public ChangeEvent expiring(ChangeEvent event, long atMillis) {
        return new ChangeEvent(
                schema,
                event.op(),
                event.key(),
                event.values(),
                event.changed(),
                event.elements(),
                event.range(),
                atMillis,
                event.source());
    }

    /** An update of a column's elements: what is added (null: nothing) and what is removed. */
    public ChangeEvent elements(List<?> key, String column, Object added, List<Object> removed) {
        Map<String, Object> written = new HashMap<>();
        written.put(column, added);
        ChangeEvent event = write(Operation.UPDATE, key, written);
        List<List<Object>> all = new ArrayList<>(Collections.nCopies(event.values().length, null));
        all.set(event.changed().nextSetBit(0), removed);
        return new ChangeEvent(
                schema,
                event.op(),
                event.key(),
                event.values(),
                event.changed(),
                new ElementChanges(event.changed(), all),
                null,
                null,
                event.source());
    }

    private ChangeEvent write(Operation op, List<?> key, Map<String, ?> written) {
        List<EventColumn> columns = schema.valueColumns();
        Object[] values = new Object[columns.size()];
        BitSet changed = new BitSet();
        for (int i = 0; i < values.length; i++) {
            String name = columns.get(i).name();
            if (written.containsKey(name)) {
                values[i] = written.get(name);
                changed.set(i);
            }
        }
        return new ChangeEvent(schema, op, key(key), values, changed, null, null, source());
    }

    /** A partition's key leaves the clustering columns null. */
    private Object[] key(List<?> key) {
        Object[] values = new Object[schema.keyColumns().size()];
        for (int i = 0; i < key.size(); i++) {
            values[i] = key.get(i);
        }
        return values;
    }

    private static SourcePosition source() {
        long sequence = SEQUENCE.incrementAndGet();
        return new SourcePosition(sequence, "00ff", "00ff:" + sequence + ":0", sequence);
    }
}
