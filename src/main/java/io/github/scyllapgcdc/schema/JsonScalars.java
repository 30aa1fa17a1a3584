package io.github.scyllapgcdc.schema;

import io.github.scyllapgcdc.event.EventTypes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Scalars that JSON has as text, back from there. */
final class JsonScalars {
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");
    private static final String HEX = "\\x";

    private JsonScalars() {}

    /** Whether all values of a type are text there. */
    static boolean isText(Schema type) {
        return switch (type.getType()) {
            case STRING -> true;
            case INT -> type.getLogicalType() instanceof LogicalTypes.Date;
            case LONG -> type.getProp("logicalType") != null;
            case BYTES -> !(type.getLogicalType() instanceof LogicalTypes.BigDecimal);
            default -> false;
        };
    }

    /** Whether a text stands for a value of a type that has no number for it. */
    static boolean isNotFinite(Schema type, String text) {
        return (type.getType() == Schema.Type.FLOAT || type.getType() == Schema.Type.DOUBLE)
                && NOT_FINITE.contains(text);
    }

    /**
     * The reader of a type's text. It may take other notations than the one that is written: write what it gives again, and
     * compare.
     */
    static Function<String, Object> parser(Schema type) {
        return switch (type.getType()) {
            case INT -> text -> Math.toIntExact(LocalDate.parse(text).toEpochDay());
            case LONG -> {
                if (SqlText.isTime(type)) {
                    yield text -> LocalTime.parse(text).toNanoOfDay();
                }
                yield text -> Instant.parse(text).toEpochMilli();
            }
            case FLOAT -> Float::valueOf;
            case DOUBLE -> Double::valueOf;
            case BYTES -> JsonScalars::bytes;
            default -> string(type);
        };
    }

    private static Function<String, Object> string(Schema type) {
        String logicalType = type.getProp("logicalType");
        return switch (logicalType == null ? "" : logicalType) {
            case "uuid" -> text -> UUID.fromString(text).toString();
            case EventTypes.INET -> text -> CqlScalars.address(ByteBuffer.wrap(CqlScalars.address(text)));
            case EventTypes.ISO_DURATION -> text -> IsoDuration.parse(text).toString();
            default -> text -> text;
        };
    }

    private static Object bytes(String text) {
        if (!text.startsWith(HEX)) {
            throw new IllegalArgumentException("'" + text + "' does not begin with " + HEX);
        }
        return ByteBuffer.wrap(HexFormat.of().parseHex(text, HEX.length(), text.length()));
    }
}
