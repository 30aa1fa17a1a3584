package io.github.scyllapgcdc.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Postgres' {@code numeric} in its binary form: the number of digits, the power of 10,000 that the first one stands for, the
 * sign, how many decimals are shown, and the digits, each of which is 0 to 9,999.
 */
final class SqlNumeric {
    private static final int HEADER = 4 * Short.BYTES;
    private static final int BASE = 10_000;
    private static final int DECIMALS_OF_DIGIT = 4;
    /** That fit into a long, whatever they are. */
    private static final int FEW_DIGITS = 4;

    private static final int POSITIVE = 0x0000;
    private static final int NEGATIVE = 0x4000;
    private static final int NOT_A_NUMBER = 0xC000;
    private static final int INFINITY = 0xD000;

    private SqlNumeric() {}

    /** A BigDecimal with as many decimals as Postgres shows, or an {@link UnlikeValue}. */
    static Object read(ByteBuffer b) {
        int start = b.position();
        int digits = Short.toUnsignedInt(b.getShort(start));
        int weight = b.getShort(start + Short.BYTES);
        int sign = Short.toUnsignedInt(b.getShort(start + 2 * Short.BYTES));
        int decimals = Short.toUnsignedInt(b.getShort(start + 3 * Short.BYTES));
        if (sign != POSITIVE && sign != NEGATIVE) {
            return new UnlikeValue(sign == NOT_A_NUMBER ? "NaN" : sign == INFINITY ? "Infinity" : "-Infinity");
        }
        int scale = (digits - 1 - weight) * DECIMALS_OF_DIGIT;
        BigDecimal number = digits <= FEW_DIGITS
                ? BigDecimal.valueOf(few(b, start + HEADER, digits), scale)
                : new BigDecimal(many(b, start + HEADER, digits), scale);
        // Zeros alone are cut off or added: Postgres stores no digits behind those that it shows
        BigDecimal shown = digits == 0 ? BigDecimal.valueOf(0, decimals) : number.setScale(decimals);
        return sign == NEGATIVE ? shown.negate() : shown;
    }

    private static long few(ByteBuffer b, int from, int digits) {
        long number = 0;
        for (int i = 0; i < digits; i++) {
            number = number * BASE + b.getShort(from + i * Short.BYTES);
        }
        return number;
    }

    private static BigInteger many(ByteBuffer b, int from, int digits) {
        StringBuilder text = new StringBuilder(digits * DECIMALS_OF_DIGIT);
        for (int i = 0; i < digits; i++) {
            int digit = b.getShort(from + i * Short.BYTES);
            text.append((char) ('0' + digit / 1000))
                    .append((char) ('0' + digit / 100 % 10))
                    .append((char) ('0' + digit / 10 % 10))
                    .append((char) ('0' + digit % 10));
        }
        return new BigInteger(text.toString());
    }
}
