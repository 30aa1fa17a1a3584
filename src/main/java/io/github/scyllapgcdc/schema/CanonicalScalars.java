package io.github.scyllapgcdc.schema;

import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** The canonical bytes of scalars, which differ between columns and {@code jsonb} where Postgres' precision does. */
final class CanonicalScalars {
    private static final long NANOS_PER_MICRO = 1_000;
    private static final int DIGITS_OF_LONG = 18;

    private CanonicalScalars() {}

    /** Of a column, or of an element of an array. */
    static Canonical.Writer ofColumn(Schema type, ValuePolicy policy) {
        if (type.getType() == Schema.Type.LONG && SqlText.isTime(type)) {
            return (v, out) -> out.putLong((Long) v / NANOS_PER_MICRO);
        }
        return isDuration(type) ? CanonicalScalars::duration : ofJson(type, policy);
    }

    /** In {@code jsonb}, which has nanoseconds, too: a duration is its text there. */
    static Canonical.Writer ofJson(Schema type, ValuePolicy policy) {
        return switch (type.getType()) {
            case BOOLEAN -> (v, out) -> out.put((byte) ((Boolean) v ? 1 : 0));
            case INT, LONG -> (v, out) -> out.putLong(((Number) v).longValue());
            case FLOAT, DOUBLE -> (v, out) -> floating(((Number) v).doubleValue(), out);
            case BYTES ->
                type.getLogicalType() instanceof LogicalTypes.BigDecimal
                        ? (v, out) -> decimal((BigDecimal) v, out)
                        : (v, out) -> out.putCounted((ByteBuffer) v);
            default -> text(type, policy);
        };
    }

    /**
     * Of a map's key, which is text in {@code jsonb}: numbers that are equal are different keys if they are written
     * differently.
     */
    static Canonical.Writer ofMapKey(Schema type, ValuePolicy policy) {
        boolean oneTextEach = switch (type.getType()) {
            case BOOLEAN, INT, LONG, STRING -> true;
            default -> JsonScalars.isText(type);
        };
        JsonText json = new JsonText(policy);
        return oneTextEach ? ofJson(type, policy) : (v, out) -> out.putText(json.key(type, v));
    }

    /** What the policy makes of a column's values before they are written. */
    static Function<Object, Object> change(Schema type, ValuePolicy policy) {
        if (policy.infinity() && type.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
            return v -> SqlText.hasInstant((Long) v) ? v : SqlTimes.infinite((Long) v);
        }
        if (policy.infinity() && type.getLogicalType() instanceof LogicalTypes.Date) {
            return v -> SqlText.hasDate((Integer) v) ? v : SqlTimes.infinite((Integer) v);
        }
        return Function.identity();
    }

    private static Canonical.Writer text(Schema type, ValuePolicy policy) {
        String logicalType = type.getProp("logicalType");
        return switch (logicalType == null ? "" : logicalType) {
            case "uuid" -> CanonicalScalars::uuid;
            case EventTypes.INET -> (v, out) -> out.putCounted(ByteBuffer.wrap(CqlScalars.address(v.toString())));
            default ->
                policy.stripNul()
                        ? (v, out) -> {
                            CharSequence text = (CharSequence) v;
                            out.putText(SqlText.hasNul(text) ? SqlText.withoutNul(text.toString()) : text);
                        }
                        : (v, out) -> out.putText((CharSequence) v);
        };
    }

    private static boolean isDuration(Schema type) {
        return EventTypes.ISO_DURATION.equals(type.getProp("logicalType"));
    }

    private static void uuid(Object value, CanonicalBuffer out) {
        UUID uuid = UUID.fromString(value.toString());
        out.putLong(uuid.getMostSignificantBits());
        out.putLong(uuid.getLeastSignificantBits());
    }

    /** Zero has no sign, and there is one NaN, as in SQL. */
    private static void floating(double value, CanonicalBuffer out) {
        out.putLong(Double.doubleToLongBits(value == 0 ? 0.0 : value));
    }

    private static void duration(Object value, CanonicalBuffer out) {
        IsoDuration duration = IsoDuration.parse(value.toString());
        out.putInt(duration.months());
        out.putInt(duration.days());
        out.putLong(duration.micros());
    }

    /** The digits without zeros at the end, and how far the point is from there. */
    private static void decimal(BigDecimal value, CanonicalBuffer out) {
        BigInteger unscaled = value.unscaledValue();
        long scale = value.scale();
        if (value.precision() > DIGITS_OF_LONG) {
            for (int chunk : new int[] {9, 1}) {
                BigInteger factor = BigInteger.TEN.pow(chunk);
                BigInteger[] parts = unscaled.divideAndRemainder(factor);
                while (parts[1].signum() == 0) {
                    unscaled = parts[0];
                    scale -= chunk;
                    parts = unscaled.divideAndRemainder(factor);
                }
            }
            out.putLong(scale);
            byte[] bytes = unscaled.toByteArray();
            out.putCounted(bytes, bytes.length);
            return;
        }
        long digits = unscaled.longValue();
        while (digits != 0 && digits % 10 == 0) {
            digits /= 10;
            scale--;
        }
        out.putLong(digits == 0 ? 0 : scale);
        byte[] bytes = BigInteger.valueOf(digits).toByteArray();
        out.putCounted(bytes, bytes.length);
    }
}
