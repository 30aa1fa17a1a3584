package io.github.scyllapgcdc.schema;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventTypes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Keys of one table as JSON objects, {@code {"column": value}}, that a {@code jsonb} column can keep. Such a column refuses
 * U+0000 and loses the sign of −0.0 and the exponents of decimals, none of which is in a key that the sink applied.
 */
public final class KeyJson {
    private static final JsonText WRITER = new JsonText(ValuePolicy.STRICT);

    private final Schema type;
    private final JsonReader reader;

    /**
     * The keys of a table.
     *
     * @param columns partition key columns, then clustering columns
     */
    public KeyJson(List<EventColumn> columns) {
        Map<String, Schema> fields = new LinkedHashMap<>();
        columns.forEach(column -> fields.put(column.name(), column.type()));
        this.type = EventTypes.record("key", fields);
        this.reader = new JsonReader(type);
    }

    /**
     * A key's JSON.
     *
     * @param values one for each column; clustering columns that are null are left out
     */
    public String write(Object[] values) {
        return WRITER.of(type, Arrays.asList(values));
    }

    /**
     * The key of a JSON text.
     *
     * @throws IllegalArgumentException if it is none of the table
     */
    public Object[] read(String json) {
        if (reader.read(json.getBytes(StandardCharsets.UTF_8)) instanceof List<?> values) {
            return values.toArray();
        }
        throw new IllegalArgumentException("'" + json + "' is no key of the columns "
                + type.getFields().stream().map(EventTypes::fieldName).toList());
    }
}
