package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.source.load.TokenRange;

/**
 * The token ring in parts of one width, a power of two of them, from the smallest token on. The smallest of all is no row's
 * token, so that nothing is lost where a range excludes it.
 */
record Slices(int bits) {
    private static final int LEAST_BITS = 7;
    private static final int MOST_BITS = 12;
    private static final int LEAST_BUCKET_BITS = 16;
    private static final int MOST_BUCKET_BITS = 18;
    private static final long ROWS_OF_A_SLICE = 16_000;
    private static final long ROWS_OF_A_BUCKET = 4;

    /** Parts that are read, and put on record, one by one. */
    static Slices of(long rows) {
        return new Slices(bits(rows / ROWS_OF_A_SLICE, LEAST_BITS, MOST_BITS));
    }

    /** Parts of which sums are kept: at least as many, and no more than memory bears. */
    static Slices bucketsOf(long rows) {
        return new Slices(bits(rows / ROWS_OF_A_BUCKET, LEAST_BUCKET_BITS, MOST_BUCKET_BITS));
    }

    private static int bits(long parts, int least, int most) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, parts - 1));
        return Math.min(most, Math.max(least, bits));
    }

    int count() {
        return 1 << bits;
    }

    /** The part that a token is in. */
    int partOf(long token) {
        return (int) ((token ^ Long.MIN_VALUE) >>> (Long.SIZE - bits));
    }

    /** The tokens of a part. */
    TokenRange range(int part) {
        return new TokenRange(behind(part), part == count() - 1 ? Long.MAX_VALUE : behind(part + 1));
    }

    /** The first so many hundredths of a part's tokens. */
    TokenRange first(int part, double percent) {
        TokenRange whole = range(part);
        double width = Math.scalb(percent / 100, Long.SIZE - bits);
        return percent >= 100 ? whole : new TokenRange(whole.after(), whole.after() + Math.max(1, (long) width));
    }

    /** The token right before a part: ranges of queries leave out the one that they begin behind. */
    private long behind(int part) {
        return part == 0 ? Long.MIN_VALUE : (((long) part << (Long.SIZE - bits)) ^ Long.MIN_VALUE) - 1;
    }
}
