package io.github.scyllapgcdc.trace;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * Which changes are sampled, by their id alone: a change that is read or applied once more is decided on the same way, in any
 * instance.
 *
 * @param below a change is sampled if its hash, a number of 32 bits, is less than this
 */
record ChangeSampling(long below) {
    private static final long HASHES = 1L << 32;
    private static final int TRACE_ID_DIGITS = 32;

    /** Samples about this share of all changes, from 0 to 1. */
    static ChangeSampling of(double ratio) {
        return new ChangeSampling(Math.round(ratio * HASHES));
    }

    boolean none() {
        return below == 0;
    }

    /** Whether a change is sampled. Allocates nothing. */
    boolean samples(String changeId) {
        return Integer.toUnsignedLong(spread(changeId.hashCode())) < below;
    }

    /** The trace of a change: 32 hexadecimal digits, the first of the SHA-256 of its id. */
    static String traceId(String changeId) {
        return Hashing.sha256()
                .hashString(changeId, StandardCharsets.UTF_8)
                .toString()
                .substring(0, TRACE_ID_DIGITS);
    }

    /** Ids of neighbours differ in a few digits, and so do their hash codes: MurmurHash3's last step makes all bits differ. */
    private static int spread(int hash) {
        int h = hash;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
