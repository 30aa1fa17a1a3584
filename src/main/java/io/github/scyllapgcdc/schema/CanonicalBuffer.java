package io.github.scyllapgcdc.schema;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.avro.util.Utf8;

/** A growing array of bytes that is used again and again. Not for several threads. */
public final class CanonicalBuffer {
    private byte[] bytes = new byte[512];
    private ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
    private int length;

    /** The bytes, of which {@link #length()} count; another array after the next write. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Forgets what was written. */
    public void reset() {
        length = 0;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    void put(byte value) {
        ensure(1);
        bytes[length++] = value;
    }

    void putInt(int value) {
        ensure(Integer.BYTES);
        view.putInt(length, value);
        length += Integer.BYTES;
    }

    void setInt(int at, int value) {
        view.putInt(at, value);
    }

    void putLong(long value) {
        ensure(Long.BYTES);
        view.putLong(length, value);
        length += Long.BYTES;
    }

    /** Their number and the bytes. */
    void putCounted(byte[] source, int count) {
        putInt(count);
        ensure(count);
        System.arraycopy(source, 0, bytes, length, count);
        length += count;
    }

    /** The number of bytes and the bytes. */
    void putCounted(ByteBuffer source) {
        int count = source.remaining();
        putInt(count);
        ensure(count);
        source.get(source.position(), bytes, length, count);
        length += count;
    }

    /** The number of bytes and the text in UTF-8. */
    void putText(CharSequence text) {
        if (text instanceof Utf8 utf8) {
            putCounted(utf8.getBytes(), utf8.getByteLength());
        } else {
            byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
            putCounted(utf8, utf8.length);
        }
    }

    /**
     * Sorts the parts at the end, each of which begins with a key, and leaves the last one of those with the same key.
     *
     * @param starts where the parts begin, and where the last one ends
     * @param keyEnds where their keys end
     * @return how many are left
     */
    int sortParts(int[] starts, int[] keyEnds) {
        int count = keyEnds.length;
        Comparator<Integer> byKey =
                (a, b) -> Arrays.compareUnsigned(bytes, starts[a], keyEnds[a], bytes, starts[b], keyEnds[b]);
        if (IntStream.range(1, count).allMatch(i -> byKey.compare(i - 1, i) < 0)) {
            return count;
        }
        Integer[] order = IntStream.range(0, count).boxed().toArray(Integer[]::new);
        Arrays.sort(order, byKey);
        byte[] sorted = new byte[length - starts[0]];
        int size = 0;
        int left = 0;
        for (int i = 0; i < count; i++) {
            if (i + 1 == count || byKey.compare(order[i], order[i + 1]) != 0) {
                int partLength = starts[order[i] + 1] - starts[order[i]];
                System.arraycopy(bytes, starts[order[i]], sorted, size, partLength);
                size += partLength;
                left++;
            }
        }
        System.arraycopy(sorted, 0, bytes, starts[0], size);
        length = starts[0] + size;
        return left;
    }

    private void ensure(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
            view = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
        }
    }
}
