package io.github.scyllapgcdc.dev.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Builds segments as Cassandra leaves them when it is killed, and reads them as its replay does. */
class CommitLogTailTest {
    private static final long ID = 0x1_2345_6789L;

    private final ByteBuffer segment = ByteBuffer.allocate(4096);
    private int firstMarker;

    @BeforeEach
    void header() {
        segment.putInt(8)
                .putLong(ID)
                .putShort((short) 2)
                .put(new byte[] {'{', '}'})
                .putInt(0xCAFE);
        firstMarker = segment.position();
        segment.putLong(0);
    }

    @Test
    void leavesAnEmptySegmentAlone() {
        ByteBuffer before = copy();

        CommitLogTail.repair(segment);

        assertThat(segment.rewind()).isEqualTo(before);
    }

    @Test
    void leavesACleanlyMarkedSegmentAlone() {
        entry(1);
        mark(firstMarker, segment.position());
        ByteBuffer before = copy();

        CommitLogTail.repair(segment);

        assertThat(segment.rewind()).isEqualTo(before);
    }

    @Test
    void marksWhatFollowsTheLastMarker() {
        entry(1);
        int second = segment.position();
        mark(firstMarker, second);
        segment.position(second + 8);
        entry(2);
        entry(3);

        CommitLogTail.repair(segment);

        assertThat(replayed()).containsExactly(1, 2, 3);
    }

    @Test
    void passesOverWhatWasNotFinished() {
        entry(1);
        int unfinished = segment.position();
        entry(2);
        segment.put(unfinished + 20, (byte) 99);
        segment.position(segment.position() + 64); // another one that had not even begun
        entry(3);
        entry(4);
        segment.putInt(50).putInt(7).put((byte) 1); // and one at the end

        CommitLogTail.repair(segment);

        assertThat(replayed()).containsExactly(1, -1, 3, 4);
    }

    @Test
    void closesASectionWhoseNextMarkerHadItsPlaceOnly() {
        entry(1);
        segment.putLong(0);
        entry(2);

        CommitLogTail.repair(segment);

        assertThat(replayed()).containsExactly(1, 2);
    }

    private ByteBuffer copy() {
        return ByteBuffer.wrap(segment.array().clone());
    }

    private void entry(int value) {
        int size = 40;
        ByteBuffer data = ByteBuffer.allocate(size).putInt(value).rewind();
        segment.putInt(size).putInt(crc(size)).put(data.duplicate()).putInt(crc(size, data));
    }

    private void mark(int marker, int next) {
        segment.putInt(marker, next).putInt(marker + 4, crc((int) ID, (int) (ID >>> 32), marker));
    }

    /** The first number of each mutation; -1 for one that replay passes over because its table is unknown. */
    private List<Integer> replayed() {
        List<Integer> values = new ArrayList<>();
        int marker = firstMarker;
        while (marker <= segment.capacity() - 8 && segment.getLong(marker) != 0) {
            assertThat(segment.getInt(marker + 4)).isEqualTo(crc((int) ID, (int) (ID >>> 32), marker));
            int end = segment.getInt(marker);
            int position = marker + 8;
            while (position < end) {
                int size = segment.getInt(position);
                assertThat(segment.getInt(position + 4)).isEqualTo(crc(size));
                ByteBuffer data = segment.slice(position + 8, size);
                assertThat(segment.getInt(position + 8 + size)).isEqualTo(crc(size, data));
                boolean unknownTable = data.get(0) == 1 && data.getLong(1) == -1 && data.getLong(9) == -1;
                values.add(unknownTable ? -1 : data.getInt(0));
                position += size + 12;
            }
            assertThat(position).isEqualTo(end);
            marker = end;
        }
        return values;
    }

    private static int crc(int... values) {
        return checksum(values, ByteBuffer.allocate(0));
    }

    private static int crc(int value, ByteBuffer data) {
        return checksum(new int[] {value}, data);
    }

    private static int checksum(int[] values, ByteBuffer data) {
        CRC32 crc = new CRC32();
        for (int value : values) {
            crc.update(ByteBuffer.allocate(4).putInt(value).flip());
        }
        crc.update(data.duplicate());
        return (int) crc.getValue();
    }
}
