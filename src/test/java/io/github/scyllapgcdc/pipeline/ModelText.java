package io.github.scyllapgcdc.pipeline;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.data.CqlVector;
import com.datastax.oss.driver.api.core.data.TupleValue;
import com.datastax.oss.driver.api.core.data.UdtValue;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.SetType;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.api.core.type.VectorType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One text for a value of a CQL type, whether it comes from Scylla's driver or, as JSON, from Postgres: numbers by their value,
 * sets and maps sorted, times to the microsecond that Postgres keeps.
 */
final class ModelText {
    private static final String NULL = "null";

    private ModelText() {}

    /** The text of a value that the driver gave; null is null. */
    static String ofScylla(DataType type, Object value) {
        if (value == null) {
            return NULL;
        }
        if (type instanceof ListType list) {
            return texts(list.getElementType(), (Collection<?>) value).toString();
        }
        if (type instanceof VectorType vector) {
            List<Object> elements = new ArrayList<>();
            ((CqlVector<?>) value).forEach(elements::add);
            return texts(vector.getElementType(), elements).toString();
        }
        if (type instanceof SetType set) {
            return texts(set.getElementType(), (Collection<?>) value).stream()
                    .sorted()
                    .toList()
                    .toString();
        }
        if (type instanceof MapType map) {
            NavigableMap<String, String> entries = new TreeMap<>();
            ((Map<?, ?>) value)
                    .forEach((key, element) ->
                            entries.put(ofScylla(map.getKeyType(), key), ofScylla(map.getValueType(), element)));
            return entries.toString();
        }
        if (type instanceof UserDefinedType user) {
            UdtValue fields = (UdtValue) value;
            NavigableMap<String, String> present = new TreeMap<>();
            for (int i = 0; i < fields.size(); i++) {
                if (!fields.isNull(i)) {
                    present.put(
                            user.getFieldNames().get(i).asInternal(),
                            ofScylla(user.getFieldTypes().get(i), fields.getObject(i)));
                }
            }
            return present.toString();
        }
        if (type instanceof TupleType tuple) {
            TupleValue fields = (TupleValue) value;
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < fields.size(); i++) {
                texts.add(
                        fields.isNull(i)
                                ? NULL
                                : ofScylla(tuple.getComponentTypes().get(i), fields.getObject(i)));
            }
            return texts.toString();
        }
        return scalar(type, plain(value));
    }

    private static List<String> texts(DataType type, Collection<?> values) {
        return values.stream().map(value -> ofScylla(type, value)).toList();
    }

    private static String plain(Object value) {
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(buffer.position(), bytes);
            return HexFormat.of().formatHex(bytes);
        }
        return value instanceof InetAddress address ? address.getHostAddress() : value.toString();
    }

    /** The text of a value in Postgres' JSON. */
    static String ofPostgres(DataType type, JsonNode value) {
        if (value == null || value.isNull()) {
            return NULL;
        }
        if (type instanceof ListType list) {
            return texts(list.getElementType(), value).toString();
        }
        if (type instanceof VectorType vector) {
            return texts(vector.getElementType(), value).toString();
        }
        if (type instanceof SetType set) {
            return texts(set.getElementType(), value).stream().sorted().toList().toString();
        }
        if (type instanceof MapType map) {
            NavigableMap<String, String> entries = new TreeMap<>();
            value.properties()
                    .forEach(entry -> entries.put(
                            ofPostgres(map.getKeyType(), TextNode.valueOf(entry.getKey())),
                            ofPostgres(map.getValueType(), entry.getValue())));
            return entries.toString();
        }
        if (type instanceof UserDefinedType user) {
            NavigableMap<String, String> fields = new TreeMap<>();
            value.properties().forEach(field -> {
                int index = user.firstIndexOf(CqlIdentifier.fromInternal(field.getKey()));
                fields.put(
                        field.getKey(),
                        index < 0
                                ? "not a field of the type: " + field.getValue()
                                : ofPostgres(user.getFieldTypes().get(index), field.getValue()));
            });
            return fields.toString();
        }
        if (type instanceof TupleType tuple) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < value.size(); i++) {
                texts.add(ofPostgres(tuple.getComponentTypes().get(i), value.get(i)));
            }
            return texts.toString();
        }
        return scalar(type, value.isNumber() ? value.decimalValue().toString() : value.asText());
    }

    private static List<String> texts(DataType type, JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(ofPostgres(type, value)));
        return texts;
    }

    private static String scalar(DataType type, String text) {
        if (type.equals(DataTypes.FLOAT)) {
            return Float.toString(Float.parseFloat(text));
        }
        if (type.equals(DataTypes.DOUBLE)) {
            return Double.toString(Double.parseDouble(text));
        }
        if (type.equals(DataTypes.DECIMAL) || type.equals(DataTypes.VARINT)) {
            BigDecimal number = new BigDecimal(text);
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
        if (type.equals(DataTypes.BIGINT)) {
            return new BigInteger(text).toString();
        }
        if (type.equals(DataTypes.TIMESTAMP)) {
            return instant(text).toString();
        }
        if (type.equals(DataTypes.TIME)) {
            return LocalTime.parse(text).truncatedTo(ChronoUnit.MICROS).toString();
        }
        if (type.equals(DataTypes.BLOB)) {
            return text.startsWith("\\x") ? text.substring(2) : text;
        }
        if (type.equals(DataTypes.INET)) {
            return address(text);
        }
        return text;
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    private static String address(String text) {
        try {
            return InetAddress.getByName(text.replaceFirst("/\\d+$", "")).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + text, e);
        }
    }
}
