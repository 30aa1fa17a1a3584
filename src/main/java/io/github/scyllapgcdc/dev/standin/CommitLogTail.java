package io.github.scyllapgcdc.dev.standin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/**
 * Makes what a killed process wrote last in its commit log readable.
 *
 * <p>Cassandra writes a mutation straight into the mapped file, so {@code kill -9} loses no byte. But a segment is replayed only
 * up to its last <em>sync marker</em>, which is written every 100 ms, hence the acknowledged writes since then would be lost.
 * Cassandra's remedy, {@code commitlog_sync: batch}, writes a marker before each acknowledgement and halves the throughput.
 * Here the missing marker is written at the next start, after the last whole mutation.
 *
 * <p>Layout (Cassandra 5.0, no compression): a header; then sections, each a marker {@code (int position of the next marker,
 * int crc of segment id and own position)} and mutations {@code (int size, int crc of size, bytes, int crc of size and
 * bytes)}; then zeros. Threads write side by side, so there can be holes of unfinished mutations, which nobody was
 * acknowledged, before finished ones. A hole gets a mutation of a table that does not exist, which replay passes over; nothing
 * may be moved, because Cassandra remembers by position what it has flushed.
 */
final class CommitLogTail {
    private static final int MARKER_BYTES = 8;
    private static final int ENTRY_OVERHEAD = 12;
    /** One update and the id of its table. */
    private static final int SMALLEST_FILLER = ENTRY_OVERHEAD + 1 + 16;

    private final ByteBuffer segment;
    private final long id;

    private CommitLogTail(ByteBuffer segment, long id) {
        this.segment = segment;
        this.id = id;
    }

    /** Repairs all segments in {@code directory}, if there is one. Cassandra must not be running on it. */
    static void repair(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(directory, "CommitLog-*.log")) {
            for (Path segment : segments) {
                try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    repair(file.map(FileChannel.MapMode.READ_WRITE, 0, file.size()));
                }
            }
        }
    }

    /** Repairs one segment in place. */
    static void repair(ByteBuffer segment) {
        int header = Integer.BYTES + Long.BYTES + Short.BYTES;
        if (segment.capacity() < header || segment.getInt(0) == 0) {
            return; // created, but its header was not written: it holds nothing
        }
        int parameters = Short.toUnsignedInt(segment.getShort(header - Short.BYTES));
        new CommitLogTail(segment, segment.getLong(Integer.BYTES)).repairFrom(header + parameters + Integer.BYTES);
    }

    private void repairFrom(int firstMarker) {
        int marker = firstMarker;
        while (marker <= segment.capacity() - MARKER_BYTES
                && segment.getInt(marker) > marker
                && segment.getInt(marker + Integer.BYTES) == markerCrc(marker)) {
            marker = segment.getInt(marker);
        }
        int position = marker + MARKER_BYTES;
        while (position < segment.capacity()) {
            int entry = nextEntry(position);
            if (entry < 0) {
                break;
            }
            if (entry - position == MARKER_BYTES) {
                // a marker's place was taken, but the marker before it was not yet pointed there
                writeMarker(marker, position);
                marker = position;
            } else if (entry > position) {
                fill(position, entry);
            }
            position = entry + ENTRY_OVERHEAD + segment.getInt(entry);
        }
        if (position > marker + MARKER_BYTES) {
            writeMarker(marker, position);
            if (position <= segment.capacity() - MARKER_BYTES) {
                segment.putLong(position, 0);
            }
        }
    }

    /** Where the first whole mutation at or after {@code from} starts, or -1. */
    private int nextEntry(int from) {
        for (int position = from; position <= segment.capacity() - ENTRY_OVERHEAD; position++) {
            int size = segment.getInt(position);
            if (size > 0
                    && size <= segment.capacity() - position - ENTRY_OVERHEAD
                    && segment.getInt(position + Integer.BYTES)
                            == (int) sizeCrc(size).getValue()
                    && segment.getInt(position + 2 * Integer.BYTES + size) == entryCrc(position, size)) {
                return position;
            }
        }
        return -1;
    }

    private void fill(int from, int to) {
        int size = to - from - ENTRY_OVERHEAD;
        if (to - from < SMALLEST_FILLER) {
            throw new IllegalStateException("commit log segment " + id + ": a hole of " + (to - from) + " bytes at "
                    + from + ", smaller than any mutation");
        }
        segment.putInt(from, size);
        segment.putInt(from + Integer.BYTES, (int) sizeCrc(size).getValue());
        int bytes = from + 2 * Integer.BYTES;
        for (int i = 0; i < size; i++) {
            // one update, of the table whose id is all ones
            segment.put(bytes + i, (byte) (i == 0 ? 1 : i <= 16 ? -1 : 0));
        }
        segment.putInt(bytes + size, entryCrc(from, size));
    }

    private void writeMarker(int marker, int next) {
        segment.putInt(marker, next);
        segment.putInt(marker + Integer.BYTES, markerCrc(marker));
    }

    private int markerCrc(int marker) {
        CRC32 crc = new CRC32();
        updateInt(crc, (int) id);
        updateInt(crc, (int) (id >>> 32));
        updateInt(crc, marker);
        return (int) crc.getValue();
    }

    private int entryCrc(int position, int size) {
        CRC32 crc = sizeCrc(size);
        crc.update(
                segment.duplicate().position(position + 2 * Integer.BYTES).limit(position + 2 * Integer.BYTES + size));
        return (int) crc.getValue();
    }

    private static CRC32 sizeCrc(int size) {
        CRC32 crc = new CRC32();
        updateInt(crc, size);
        return crc;
    }

    private static void updateInt(CRC32 crc, int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            crc.update(value >>> shift);
        }
    }
}
