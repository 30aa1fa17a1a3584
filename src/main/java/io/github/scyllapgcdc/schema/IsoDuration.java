package io.github.scyllapgcdc.schema;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration of CQL, of three parts that are not converted into each other, and its text in events: {@code P1M2DT0.5S}. */
record IsoDuration(int months, int days, long nanos) {
    private static final Pattern TEXT = Pattern.compile("P(-?\\d+)M(-?\\d+)DT(-?)(\\d+)(?:\\.(\\d{9}))?S");
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final int DECIMALS = 9;

    static IsoDuration parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no duration of months, days and seconds");
        }
        String sign = parts.group(3);
        try {
            long nanos = Math.multiplyExact(Long.parseLong(sign + parts.group(4)), NANOS_PER_SECOND);
            if (parts.group(5) != null) {
                nanos = Math.addExact(nanos, Long.parseLong(sign + parts.group(5)));
            }
            return new IsoDuration(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), nanos);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is longer than a duration of CQL can be", e);
        }
    }

    /**
     * The seconds as Postgres' interval has them, in microseconds. Postgres reads them as a double and rounds what is behind
     * the point, a half towards zero; this is the same arithmetic, since exact arithmetic gives other results.
     */
    long micros() {
        double value = BigDecimal.valueOf(nanos, DECIMALS).doubleValue();
        long seconds = (long) value;
        double fraction = (value - seconds) * MICROS_PER_SECOND;
        long micros = (long) fraction;
        double rest = fraction - micros;
        if (rest > 0.5) {
            micros++;
        } else if (rest < -0.5) {
            micros--;
        }
        return seconds * MICROS_PER_SECOND + micros;
    }

    @Override
    public String toString() {
        long seconds = nanos / NANOS_PER_SECOND;
        long fraction = nanos % NANOS_PER_SECOND;
        StringBuilder text = new StringBuilder("P");
        text.append(months).append('M').append(days).append("DT");
        if (nanos < 0 && seconds == 0) {
            text.append('-'); // the sign that a zero would swallow
        }
        text.append(seconds);
        if (fraction != 0) {
            String digits = Long.toString(Math.abs(fraction));
            text.append('.').append("0".repeat(DECIMALS - digits.length())).append(digits);
        }
        return text.append('S').toString();
    }
}
