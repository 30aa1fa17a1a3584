package io.github.scyllapgcdc.schema;

import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Whether Postgres can hold a value. What is found here need not be found by failing statements. */
@FunctionalInterface
public interface ValueCheck {
    /** Everything of the type can be held. */
    ValueCheck NONE = value -> null;

    /** Digits before and behind the decimal point that Postgres' numeric has room for. */
    int MOST_DIGITS = 131_072;

    int MOST_DECIMALS = 16_383;

    /** What the value has that can't be held, in words that follow the column's name, or null. Never asked about null. */
    String refuse(Object value);

    /** The check of a type's values outside keys. */
    static ValueCheck of(Schema type, ValuePolicy policy) {
        return switch (type.getType()) {
            case STRING -> type.getProp("logicalType") == null && !policy.stripNul() ? ValueCheck::nul : NONE;
            case BYTES -> type.getLogicalType() instanceof LogicalTypes.BigDecimal ? ValueCheck::digits : NONE;
            case INT ->
                type.getLogicalType() instanceof LogicalTypes.Date && !policy.infinity() ? ValueCheck::date : NONE;
            case LONG ->
                type.getLogicalType() instanceof LogicalTypes.TimestampMillis && !policy.infinity()
                        ? ValueCheck::instant
                        : NONE;
            case ARRAY, MAP, RECORD -> nested(type, inside(type, policy));
            default -> NONE;
        };
    }

    /**
     * The check of a key's values, which have to arrive exactly as they are and must not become equal to others.
     *
     * @param ofPartition whether the source tells keys apart by their bytes, rather than by their order
     */
    static ValueCheck ofKey(Schema type, boolean ofPartition) {
        return switch (type.getType()) {
            case FLOAT, DOUBLE -> ValueCheck::negativeZero;
            case LONG -> SqlText.isTime(type) ? ValueCheck::nanoseconds : of(type, ValuePolicy.STRICT);
            case BYTES ->
                type.getLogicalType() instanceof LogicalTypes.BigDecimal && ofPartition
                        ? value -> digits(value) == null ? scale(value) : digits(value)
                        : of(type, ValuePolicy.STRICT);
            case ARRAY, MAP, RECORD -> nested(type, part -> ofKey(part, ofPartition));
            default -> of(type, ValuePolicy.STRICT);
        };
    }

    /** In JSON instants and dates are text, of any range. */
    private static Function<Schema, ValueCheck> inside(Schema type, ValuePolicy policy) {
        boolean array = type.getType() == Schema.Type.ARRAY
                && SqlTypes.of(type, policy).name().endsWith("[]");
        ValuePolicy ofParts = array ? policy : new ValuePolicy(policy.stripNul(), true);
        return part -> of(part, ofParts);
    }

    /** Of a type that is made of others. */
    private static ValueCheck nested(Schema type, Function<Schema, ValueCheck> ofPart) {
        return switch (type.getType()) {
            case ARRAY -> each(ofPart.apply(EventTypes.withoutNull(type.getElementType())));
            case MAP ->
                each(fields(
                        List.of(ofPart.apply(Schema.create(Schema.Type.STRING)), ofPart.apply(type.getValueType()))));
            default ->
                fields(type.getFields().stream()
                        .map(field -> ofPart.apply(EventTypes.withoutNull(field.schema())))
                        .toList());
        };
    }

    /** Of a list's elements, or of a map's keys and values, which an array of entries has as a record. */
    private static ValueCheck each(ValueCheck element) {
        if (element == NONE) {
            return NONE;
        }
        return value -> {
            Collection<?> elements = value instanceof Map<?, ?> map ? map.entrySet() : (Collection<?>) value;
            for (Object item : elements) {
                Object asked = item instanceof Map.Entry<?, ?> entry
                        ? java.util.Arrays.asList(entry.getKey(), entry.getValue())
                        : item;
                String reason = asked == null ? null : element.refuse(asked);
                if (reason != null) {
                    return reason;
                }
            }
            return null;
        };
    }

    private static ValueCheck fields(List<ValueCheck> checks) {
        if (checks.stream().allMatch(check -> check == NONE)) {
            return NONE;
        }
        return value -> {
            List<?> fields = (List<?>) value;
            for (int i = 0; i < checks.size(); i++) {
                String reason = fields.get(i) == null ? null : checks.get(i).refuse(fields.get(i));
                if (reason != null) {
                    return reason;
                }
            }
            return null;
        };
    }

    private static String nul(Object value) {
        return !SqlText.hasNul((CharSequence) value)
                ? null
                : "holds the character U+0000, which Postgres cannot store in text";
    }

    private static String digits(Object value) {
        BigDecimal decimal = (BigDecimal) value;
        long before = (long) decimal.precision() - decimal.scale();
        return before <= MOST_DIGITS && decimal.scale() <= MOST_DECIMALS
                ? null
                : "has " + Math.max(0, before) + " digits before the decimal point and "
                        + Math.max(0, decimal.scale()) + " behind it; Postgres has room for " + MOST_DIGITS + " and "
                        + MOST_DECIMALS;
    }

    private static String scale(Object value) {
        BigDecimal decimal = (BigDecimal) value;
        BigDecimal shortest = decimal.stripTrailingZeros();
        return decimal.scale() == Math.max(0, shortest.scale())
                ? null
                : "is " + decimal + ", which Postgres takes for the same key as " + shortest.toPlainString()
                        + ", while the source keeps the two apart";
    }

    private static String instant(Object value) {
        return SqlText.hasInstant((Long) value)
                ? null
                : "is " + value + " ms since 1970, which is beyond the range of Postgres' timestamps";
    }

    private static String date(Object value) {
        return SqlText.hasDate((Integer) value)
                ? null
                : "is " + value + " days since 1970, which is beyond the range of Postgres' dates";
    }

    private static String nanoseconds(Object value) {
        return (Long) value % 1000 == 0
                ? null
                : "is " + value + " ns since midnight, and Postgres keeps microseconds only";
    }

    private static String negativeZero(Object value) {
        return Double.valueOf(-0.0).equals(value) || Float.valueOf(-0.0f).equals(value)
                ? "is -0.0, which Postgres takes for the same key as 0.0"
                : null;
    }
}
