package io.github.scyllapgcdc.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.github.scyllapgcdc.event.EventTypes;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Values as the JSON that {@code jsonb} columns hold: user types as objects without their null fields, tuples, lists and sets
 * as arrays, maps as objects whose keys are text. What JSON has no type for is text in its usual notation, so nothing is lost.
 */
final class JsonText {
    /** The shortest digits that tell a float or double from the others, the same in every version of Java. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private final ValuePolicy policy;

    JsonText(ValuePolicy policy) {
        this.policy = policy;
    }

    String of(Schema type, Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(json, type, value);
        } catch (IOException e) {
            throw new UncheckedIOException("a string can always be written", e);
        }
        return text.toString();
    }

    /** A map's key, or an element that is removed from one. */
    String key(Schema type, Object value) {
        String json = of(type, value);
        boolean isText = json.startsWith("\"");
        return isText ? text(type, value) : json;
    }

    private void write(JsonGenerator json, Schema type, Object value) throws IOException {
        if (value == null) {
            json.writeNull();
            return;
        }
        if (value instanceof UnlikeValue unlike) {
            json.writeString(unlike.text());
            return;
        }
        switch (type.getType()) {
            case BOOLEAN -> json.writeBoolean((Boolean) value);
            case FLOAT, DOUBLE -> writeFloating(json, (Number) value);
            case ARRAY -> writeArray(json, type, value);
            case MAP -> writeMap(json, Schema.create(Schema.Type.STRING), type.getValueType(), (Map<?, ?>) value);
            case RECORD -> writeRecord(json, type, (List<?>) value);
            default -> writeScalar(json, type, value);
        }
    }

    private void writeScalar(JsonGenerator json, Schema type, Object value) throws IOException {
        if (value instanceof BigDecimal decimal) {
            json.writeNumber(decimal);
        } else if (value instanceof Integer number && type.getLogicalType() == null) {
            json.writeNumber(number);
        } else if (value instanceof Long number && type.getProp("logicalType") == null) {
            json.writeNumber(number);
        } else {
            json.writeString(text(type, value));
        }
    }

    /** What JSON keeps as text. */
    String text(Schema type, Object value) {
        if (value instanceof UnlikeValue unlike) {
            return unlike.text();
        }
        if (value instanceof CharSequence chars) {
            String text = chars.toString();
            return policy.stripNul() ? SqlText.withoutNul(text) : text;
        }
        if (value instanceof Integer days && type.getLogicalType() instanceof LogicalTypes.Date) {
            return LocalDate.ofEpochDay(days).toString();
        }
        if (value instanceof Long number) {
            return SqlText.isTime(type)
                    ? DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(number))
                    : Instant.ofEpochMilli(number).toString();
        }
        return value instanceof Number || value instanceof Boolean ? value.toString() : SqlText.hex(value);
    }

    private static void writeFloating(JsonGenerator json, Number value) throws IOException {
        if (value instanceof Float f && Float.isFinite(f)) {
            json.writeNumber(f);
        } else if (value instanceof Double d && Double.isFinite(d)) {
            json.writeNumber(d);
        } else {
            json.writeString(value.toString());
        }
    }

    private void writeArray(JsonGenerator json, Schema type, Object value) throws IOException {
        Schema element = EventTypes.withoutNull(type.getElementType());
        if (value instanceof Map<?, ?> map) {
            writeMap(
                    json,
                    element.getField(EventTypes.ENTRY_KEY).schema(),
                    element.getField(EventTypes.ENTRY_VALUE).schema(),
                    map);
            return;
        }
        json.writeStartArray();
        for (Object item : (List<?>) value) {
            write(json, element, item);
        }
        json.writeEndArray();
    }

    private void writeMap(JsonGenerator json, Schema keyType, Schema valueType, Map<?, ?> map) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            json.writeFieldName(key(EventTypes.withoutNull(keyType), entry.getKey()));
            write(json, EventTypes.withoutNull(valueType), entry.getValue());
        }
        json.writeEndObject();
    }

    private void writeRecord(JsonGenerator json, Schema type, List<?> fields) throws IOException {
        boolean tuple = EventTypes.isTuple(type);
        if (tuple) {
            json.writeStartArray();
        } else {
            json.writeStartObject();
        }
        for (Schema.Field field : type.getFields()) {
            Object value = fields.get(field.pos());
            Schema fieldType = EventTypes.withoutNull(field.schema());
            if (tuple) {
                write(json, fieldType, value);
            } else if (value != null) {
                json.writeFieldName(EventTypes.fieldName(field));
                write(json, fieldType, value);
            }
        }
        if (tuple) {
            json.writeEndArray();
        } else {
            json.writeEndObject();
        }
    }
}
