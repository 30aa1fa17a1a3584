package io.github.scyllapgcdc.source.log;

import com.datastax.oss.driver.api.core.uuid.Uuids;
import java.nio.ByteBuffer;
import java.util.UUID;

/** The log's clock: {@code cdc$time} is a version 1 UUID of the write's timestamp. */
public final class LogTime {
    /** 100-nanosecond steps from the start of the Gregorian calendar, where UUIDs count from, to 1970. */
    private static final long GREGORIAN_OFFSET = 0x01b21dd213814000L;

    private LogTime() {}

    /** The write's timestamp, microseconds since 1970, as {@code WRITETIME} gives it. */
    public static long micros(UUID time) {
        return (time.timestamp() - GREGORIAN_OFFSET) / 10;
    }

    /** The write's timestamp, milliseconds since 1970. */
    public static long millis(UUID time) {
        return Math.floorDiv(micros(time), 1000L);
    }

    /** The value behind which, exclusively, everything from the millisecond on is found. */
    public static UUID before(long millis) {
        return Uuids.endOf(millis - 1);
    }

    /** The value before which, exclusively, everything older than the millisecond is found. */
    public static UUID from(long millis) {
        return Uuids.startOf(millis);
    }

    /** The order of the log: by time, then by the low bytes as signed, which is how Scylla and Cassandra compare them. */
    public static int compare(UUID a, UUID b) {
        int byTime = Long.compare(a.timestamp(), b.timestamp());
        if (byTime != 0) {
            return byTime;
        }
        for (int shift = 56; shift >= 0; shift -= 8) {
            int byByte = Byte.compare(
                    (byte) (a.getLeastSignificantBits() >>> shift), (byte) (b.getLeastSignificantBits() >>> shift));
            if (byByte != 0) {
                return byByte;
            }
        }
        return 0;
    }

    static UUID read(ByteBuffer bytes) {
        return new UUID(bytes.getLong(bytes.position()), bytes.getLong(bytes.position() + Long.BYTES));
    }
}
