package io.github.scyllapgcdc.source.load;

/**
 * Part of the token ring that does not wrap around.
 *
 * @param after exclusive
 * @param upTo inclusive, not less than {@code after}
 */
public record TokenRange(long after, long upTo) {
    private static final double RING = 0x1p64;

    public TokenRange {
        if (upTo < after) {
            throw new IllegalArgumentException("(" + after + ", " + upTo + "] wraps around");
        }
    }

    /** Its part of the ring, from 0 to 1. */
    public double width() {
        return ((double) upTo - (double) after) / RING;
    }

    /** How much of the ring lies between its beginning and a token in it. */
    public double widthUpTo(long token) {
        return ((double) token - (double) after) / RING;
    }
}
