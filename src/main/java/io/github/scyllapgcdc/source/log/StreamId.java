package io.github.scyllapgcdc.source.log;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * A stream of the log: its partition key, 16 bytes. All writes to one partition key of the table go to one stream as long as
 * the generation lasts.
 *
 * @param hex the bytes in lower-case hex, which is how streams are written in checkpoints and change ids
 */
public record StreamId(String hex) implements Comparable<StreamId> {
    private static final HexFormat HEX = HexFormat.of();

    /** The stream of these bytes. */
    public static StreamId of(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return new StreamId(HEX.formatHex(copy));
    }

    /** The bytes, as a query binds them. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(HEX.parseHex(hex));
    }

    @Override
    public int compareTo(StreamId other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
