package io.github.scyllapgcdc.schema;

import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Scalars as Postgres writes them to text, back to what events carry. It wants the session to have {@code TimeZone=UTC},
 * {@code DateStyle=ISO} and {@code bytea_output=hex}.
 */
public final class SqlReader {
    private static final String BEFORE_CHRIST = " BC";

    private SqlReader() {}

    /** The reader of a type's values, empty for types that are no scalar. Never asked about null. */
    public static Optional<Function<String, Object>> of(Schema type) {
        return switch (type.getType()) {
            case BOOLEAN -> Optional.of(text -> text.startsWith("t"));
            case INT ->
                Optional.of(
                        type.getLogicalType() instanceof LogicalTypes.Date
                                ? text -> Math.toIntExact(date(text).toEpochDay())
                                : Integer::valueOf);
            case LONG -> Optional.of(ofLong(type));
            case FLOAT -> Optional.of(Float::valueOf);
            case DOUBLE -> Optional.of(Double::valueOf);
            case STRING ->
                Optional.of(
                        EventTypes.INET.equals(type.getProp("logicalType"))
                                ? text -> text.substring(0, text.indexOf('/')) // of one host, all bits
                                : text -> text);
            case BYTES ->
                Optional.of(
                        type.getLogicalType() instanceof LogicalTypes.BigDecimal
                                ? BigDecimal::new
                                : text -> ByteBuffer.wrap(HexFormat.of().parseHex(text, 2, text.length())));
            default -> Optional.empty();
        };
    }

    private static Function<String, Object> ofLong(Schema type) {
        if (type.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
            return SqlReader::millis;
        }
        return SqlText.isTime(type) ? text -> LocalTime.parse(text).toNanoOfDay() : Long::valueOf;
    }

    /** As {@code 2023-11-14 22:13:20.123+00}, in years before Christ with " BC" behind it. */
    private static long millis(String text) {
        int space = text.indexOf(' ');
        int zone = text.indexOf('+', space);
        String era = text.endsWith(BEFORE_CHRIST) ? BEFORE_CHRIST : "";
        LocalTime time = LocalTime.parse(text.substring(space + 1, zone));
        return date(text.substring(0, space) + era)
                .atTime(time)
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
    }

    private static LocalDate date(String text) {
        boolean before = text.endsWith(BEFORE_CHRIST);
        String[] parts = (before ? text.substring(0, text.length() - BEFORE_CHRIST.length()) : text).split("-", -1);
        int year = Integer.parseInt(parts[0]);
        return LocalDate.of(before ? 1 - year : year, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }
}
