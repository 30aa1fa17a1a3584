package io.github.scyllapgcdc.schema;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times in Postgres' binary form, which counts from 2000 and in microseconds, as events have them. */
final class SqlTimes {
    private static final int DAYS_TO_2000 = 10_957;
    private static final long MILLIS_TO_2000 = DAYS_TO_2000 * 86_400_000L;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    /** Of a duration, which CQL counts in nanoseconds. */
    private static final long MOST_MICROS = Long.MAX_VALUE / NANOS_PER_MICRO;

    private static final int MICROS = 6;

    private SqlTimes() {}

    /** Days since 1970. */
    static Object date(ByteBuffer b) {
        int days = b.getInt(b.position());
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            return infinite(days);
        }
        return days + DAYS_TO_2000;
    }

    /** Milliseconds since 1970. */
    static Object timestamp(ByteBuffer b) {
        long micros = b.getLong(b.position());
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return infinite(micros);
        }
        if (micros % MICROS_PER_MILLI != 0) {
            return new UnlikeValue(Instant.ofEpochMilli(MILLIS_TO_2000)
                    .plus(micros, ChronoUnit.MICROS)
                    .toString());
        }
        return micros / MICROS_PER_MILLI + MILLIS_TO_2000;
    }

    /** Nanoseconds since midnight; Postgres has a time 24:00, too. */
    static Object time(ByteBuffer b) {
        long micros = b.getLong(b.position());
        return micros < MICROS_PER_DAY ? (Object) (micros * NANOS_PER_MICRO) : new UnlikeValue("24:00:00");
    }

    /** The text of a duration. One that is longer than CQL's is none, nor is one that Postgres would have rounded. */
    static Object interval(ByteBuffer b) {
        int start = b.position();
        long micros = b.getLong(start);
        int days = b.getInt(start + Long.BYTES);
        int months = b.getInt(start + Long.BYTES + Integer.BYTES);
        if (months == Integer.MAX_VALUE && days == Integer.MAX_VALUE && micros == Long.MAX_VALUE) {
            return infinite(months);
        }
        if (months == Integer.MIN_VALUE && days == Integer.MIN_VALUE && micros == Long.MIN_VALUE) {
            return infinite(months);
        }
        if (micros >= -MOST_MICROS && micros <= MOST_MICROS) {
            IsoDuration duration = new IsoDuration(months, days, micros * NANOS_PER_MICRO);
            if (duration.micros() == micros) {
                return duration.toString();
            }
        }
        return new UnlikeValue("P" + months + "M" + days + "DT"
                + BigDecimal.valueOf(micros, MICROS).toPlainString() + "S");
    }

    /** What is read of Postgres' infinity, which {@link ValuePolicy#infinity} makes of values that it has no room for. */
    static UnlikeValue infinite(long value) {
        return new UnlikeValue(SqlText.infinity(value));
    }
}
