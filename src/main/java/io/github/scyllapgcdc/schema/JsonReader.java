package io.github.scyllapgcdc.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.NumberOutput;
import io.github.scyllapgcdc.event.EventTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Values from the JSON that {@link JsonText} writes, and from what {@code jsonb} makes of it: other exponents, and another order
 * of keys. JSON of any other form is an {@link UnlikeValue}.
 */
final class JsonReader {
    /** Whatever an event can hold can be read; Jackson's own limits are for input of strangers. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final JsonText WRITER = new JsonText(ValuePolicy.STRICT);

    private final Value value;

    /** Reads the value that begins with the parser's current token. */
    @FunctionalInterface
    private interface Value {
        Object read(JsonParser json) throws IOException;
    }

    JsonReader(Schema type) {
        this.value = of(type);
    }

    /** The value of a JSON text in UTF-8. */
    Object read(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            return read(parser, value);
        } catch (JsonProcessingException | IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return new UnlikeValue(new String(json, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("an array can always be read", e);
        }
    }

    private static Object read(JsonParser json, Value value) throws IOException {
        json.nextToken();
        Object read = value.read(json);
        expect(json.nextToken() == null);
        return read;
    }

    private static Value of(Schema type) {
        return switch (type.getType()) {
            case BOOLEAN -> JsonReader::bool;
            case INT -> type.getLogicalType() instanceof LogicalTypes.Date ? text(type) : integer(type);
            case LONG -> type.getProp("logicalType") == null ? JsonReader::wholeNumber : text(type);
            case FLOAT -> floating(type, Float::valueOf, v -> NumberOutput.toString((Float) v, true));
            case DOUBLE -> floating(type, Double::valueOf, v -> NumberOutput.toString((Double) v, true));
            case BYTES -> type.getLogicalType() instanceof LogicalTypes.BigDecimal ? JsonReader::number : text(type);
            case ARRAY -> array(type);
            case MAP -> object(Schema.create(Schema.Type.STRING), type.getValueType());
            case RECORD -> EventTypes.isTuple(type) ? tuple(type) : record(type);
            default -> text(type);
        };
    }

    private static Object bool(JsonParser json) throws IOException {
        expect(json.currentToken().isBoolean());
        return json.getBooleanValue();
    }

    private static BigDecimal number(JsonParser json) throws IOException {
        expect(json.currentToken().isNumeric());
        return new BigDecimal(json.getText());
    }

    private static long wholeNumber(JsonParser json) throws IOException {
        return number(json).longValueExact();
    }

    private static Value integer(Schema type) {
        LongPredicate range = SqlBinary.range(type);
        return json -> {
            long number = wholeNumber(json);
            expect(range.test(number));
            return (int) number;
        };
    }

    /** A number counts only if it is the one that would have been written, not if it merely rounds to it. */
    private static Value floating(Schema type, Function<String, Object> parse, Function<Object, String> write) {
        return json -> {
            if (json.currentToken() == JsonToken.VALUE_STRING) {
                expect(JsonScalars.isNotFinite(type, json.getText()));
                return parse.apply(json.getText());
            }
            BigDecimal number = number(json);
            Object value = parse.apply(json.getText());
            String written = write.apply(value);
            expect(written.equals(json.getText()) || new BigDecimal(written).compareTo(number) == 0);
            return value;
        };
    }

    private static Value text(Schema type) {
        Function<String, Object> parse = JsonScalars.parser(type);
        return json -> {
            expect(json.currentToken() == JsonToken.VALUE_STRING);
            return checked(type, parse, json.getText());
        };
    }

    /** What is written otherwise than events have it is another value in {@code jsonb}. */
    private static Object checked(Schema type, Function<String, Object> parse, String text) {
        Object value = parse.apply(text);
        expect(WRITER.text(type, value).equals(text));
        return value;
    }

    private static Value array(Schema type) {
        Schema element = EventTypes.withoutNull(type.getElementType());
        if (EventTypes.MAP.equals(type.getProp(EventTypes.COLLECTION))) {
            return object(
                    EventTypes.withoutNull(
                            element.getField(EventTypes.ENTRY_KEY).schema()),
                    EventTypes.withoutNull(
                            element.getField(EventTypes.ENTRY_VALUE).schema()));
        }
        Value reader = nullable(of(element));
        return json -> {
            expect(json.currentToken() == JsonToken.START_ARRAY);
            List<Object> list = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                list.add(reader.read(json));
            }
            return list;
        };
    }

    private static Value object(Schema keyType, Schema valueType) {
        Function<String, Object> key = key(keyType);
        Value reader = nullable(of(EventTypes.withoutNull(valueType)));
        return json -> {
            expect(json.currentToken() == JsonToken.START_OBJECT);
            Map<Object, Object> map = new LinkedHashMap<>();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                map.put(key.apply(name), reader.read(json));
            }
            return map;
        };
    }

    /** Keys are the text of a value, or its JSON where that is no text. */
    private static Function<String, Object> key(Schema type) {
        Function<String, Object> parse = JsonScalars.isText(type) ? JsonScalars.parser(type) : null;
        Value reader = of(type);
        return name -> {
            if (parse != null) {
                return checked(type, parse, name);
            }
            if (JsonScalars.isNotFinite(type, name)) {
                return JsonScalars.parser(type).apply(name);
            }
            try (JsonParser json = JSON.createParser(name)) {
                Object value = read(json, reader);
                expect(WRITER.key(type, value).equals(name));
                return value;
            } catch (IOException e) {
                throw new IllegalArgumentException(e);
            }
        };
    }

    private static Value tuple(Schema type) {
        Value[] readers = type.getFields().stream()
                .map(field -> nullable(of(EventTypes.withoutNull(field.schema()))))
                .toArray(Value[]::new);
        return json -> {
            expect(json.currentToken() == JsonToken.START_ARRAY);
            Object[] fields = new Object[readers.length];
            for (int i = 0; i < fields.length; i++) {
                expect(json.nextToken() != JsonToken.END_ARRAY);
                fields[i] = readers[i].read(json);
            }
            expect(json.nextToken() == JsonToken.END_ARRAY);
            return Arrays.asList(fields);
        };
    }

    /** Fields that are null are not written. */
    private static Value record(Schema type) {
        Map<String, Integer> positions = new HashMap<>();
        type.getFields().forEach(field -> positions.put(EventTypes.fieldName(field), field.pos()));
        Value[] readers = type.getFields().stream()
                .map(field -> of(EventTypes.withoutNull(field.schema())))
                .toArray(Value[]::new);
        return json -> {
            expect(json.currentToken() == JsonToken.START_OBJECT);
            Object[] fields = new Object[readers.length];
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                Integer position = positions.get(name);
                expect(position != null);
                json.nextToken();
                fields[position] = readers[position].read(json);
            }
            return Arrays.asList(fields);
        };
    }

    private static Value nullable(Value value) {
        return json -> json.currentToken() == JsonToken.VALUE_NULL ? null : value.read(json);
    }

    private static void expect(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("not what an event of the type has");
        }
    }
}
