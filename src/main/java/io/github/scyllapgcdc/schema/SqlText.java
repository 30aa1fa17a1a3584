package io.github.scyllapgcdc.schema;

import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HexFormat;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;

/** Scalars as the text that Postgres' input functions take. */
final class SqlText {
    /** Midnight of 4713-11-24 BC, where Postgres' calendar begins, and of 294277-01-01, before which its timestamps end. */
    private static final long FIRST_MILLIS = -210_866_803_200_000L;

    private static final long LAST_MILLIS = 9_224_318_016_000_000L - 1;
    /** The same first day, and 5874897-12-31. */
    private static final int FIRST_DAY = -2_440_588;

    private static final int LAST_DAY = 2_145_042_905;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final HexFormat HEX = HexFormat.of();

    private SqlText() {}

    /** The text of a type's values. Never asked about null. */
    static Function<Object, String> of(Schema type, ValuePolicy policy) {
        return switch (type.getType()) {
            case STRING -> policy.stripNul() ? v -> withoutNul(v.toString()) : Object::toString;
            case BYTES -> type.getLogicalType() instanceof LogicalTypes.BigDecimal ? SqlText::number : SqlText::hex;
            case INT ->
                type.getLogicalType() instanceof LogicalTypes.Date ? v -> date((Integer) v, policy) : Object::toString;
            case LONG -> ofLong(type, policy);
            default -> Object::toString;
        };
    }

    private static Function<Object, String> ofLong(Schema type, ValuePolicy policy) {
        if (type.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
            return v -> timestamp((Long) v, policy);
        }
        return isTime(type) ? v -> time((Long) v) : Object::toString;
    }

    static boolean isTime(Schema type) {
        return EventTypes.TIME_NANOS.equals(type.getProp("logicalType"));
    }

    /** Whether Postgres has such an instant, milliseconds since 1970. */
    static boolean hasInstant(long millis) {
        return millis >= FIRST_MILLIS && millis <= LAST_MILLIS;
    }

    /** Whether Postgres has such a date, days since 1970. */
    static boolean hasDate(int days) {
        return days >= FIRST_DAY && days <= LAST_DAY;
    }

    static boolean hasNul(CharSequence text) {
        if (text instanceof Utf8 utf8) {
            byte[] bytes = utf8.getBytes();
            for (int i = 0; i < utf8.getByteLength(); i++) {
                if (bytes[i] == 0) {
                    return true;
                }
            }
            return false;
        }
        return text.toString().indexOf('\0') >= 0;
    }

    static String withoutNul(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
    }

    static String hex(Object value) {
        ByteBuffer buffer = (ByteBuffer) value;
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return "\\x" + HEX.formatHex(bytes);
    }

    private static String number(Object value) {
        return ((BigDecimal) value).toString();
    }

    /** Postgres keeps microseconds; the nanoseconds below are cut off. */
    private static String time(long nanos) {
        return LocalTime.ofNanoOfDay(nanos - nanos % NANOS_PER_MICRO).toString();
    }

    static String date(int days, ValuePolicy policy) {
        if (policy.infinity() && !hasDate(days)) {
            return infinity(days);
        }
        LocalDate date = LocalDate.ofEpochDay(days);
        StringBuilder text = new StringBuilder(16);
        date(text, date.getYear(), date.getMonthValue(), date.getDayOfMonth());
        return withEra(text, date.getYear());
    }

    /** As text, since arithmetic on intervals is done in doubles, which are inexact for far-off instants. */
    static String timestamp(long millis, ValuePolicy policy) {
        if (policy.infinity() && !hasInstant(millis)) {
            return infinity(millis);
        }
        ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(32);
        date(text, time.getYear(), time.getMonthValue(), time.getDayOfMonth());
        text.append(' ');
        digits(text, time.getHour(), 2).append(':');
        digits(text, time.getMinute(), 2).append(':');
        digits(text, time.getSecond(), 2).append('.');
        digits(text, time.getNano() / 1_000_000, 3).append("+00");
        return withEra(text, time.getYear());
    }

    static String infinity(long value) {
        return value < 0 ? "-infinity" : "infinity";
    }

    private static void date(StringBuilder text, int year, int month, int day) {
        digits(text, year > 0 ? year : 1 - year, 4).append('-');
        digits(text, month, 2).append('-');
        digits(text, day, 2);
    }

    private static String withEra(StringBuilder text, int year) {
        return year > 0 ? text.toString() : text.append(" BC").toString();
    }

    private static StringBuilder digits(StringBuilder text, int number, int width) {
        String digits = Integer.toString(number);
        return text.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
    }
}
