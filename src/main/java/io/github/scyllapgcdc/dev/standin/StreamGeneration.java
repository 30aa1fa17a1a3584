package io.github.scyllapgcdc.dev.standin;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One CDC generation: which stream the changes of a partition go to, by the partition's token. The token ring is cut into
 * vnodes, a vnode into equal shares, one stream each.
 *
 * <p>It is kept in a file beside the data and not only in the system tables, because the commit log is replayed, and log rows
 * are made, before those can be read.
 *
 * @param startMillis when it starts, milliseconds since the epoch
 */
record StreamGeneration(long startMillis, List<Vnode> vnodes) {
    private static final int VNODES = 4;
    private static final int STREAMS_PER_VNODE = 2;
    private static final int VERSION = 1;

    private static volatile StreamGeneration inUse;

    /** The streams of the tokens up to {@code rangeEnd} (inclusive), in token order. */
    record Vnode(long rangeEnd, List<ByteBuffer> streams) {}

    static StreamGeneration create(long startMillis, RandomGenerator random) {
        long width = Long.divideUnsigned(-1L, (long) VNODES * STREAMS_PER_VNODE) + 1;
        List<Vnode> vnodes = new ArrayList<>();
        long start = Long.MIN_VALUE;
        for (int vnode = 0; vnode < VNODES; vnode++) {
            List<ByteBuffer> streams = new ArrayList<>();
            for (int share = 0; share < STREAMS_PER_VNODE; share++) {
                streams.add(streamId(start + random.nextLong(width), vnode, random));
                start += width;
            }
            vnodes.add(new Vnode(start - 1, List.copyOf(streams)));
        }
        return new StreamGeneration(startMillis, List.copyOf(vnodes));
    }

    /** Sixteen bytes: a token, then 38 random bits, 22 bits of vnode index and 4 of version. */
    private static ByteBuffer streamId(long token, int vnode, RandomGenerator random) {
        long lower = (random.nextLong() << 26) | ((long) vnode << 4) | VERSION;
        return ByteBuffer.allocate(16).putLong(token).putLong(lower).flip();
    }

    /** The stream of a partition with this token. The result is shared: do not move its position. */
    ByteBuffer streamOf(long token) {
        long start = Long.MIN_VALUE;
        for (Vnode vnode : vnodes) {
            if (token <= vnode.rangeEnd()) {
                long width = Long.divideUnsigned(
                                vnode.rangeEnd() - start, vnode.streams().size())
                        + 1;
                return vnode.streams().get((int) Long.divideUnsigned(token - start, width));
            }
            start = vnode.rangeEnd() + 1;
        }
        throw new IllegalStateException("no vnode holds token " + token);
    }

    /** Sets the generation of all writes. Must be called before Cassandra starts, since it replays its commit log then. */
    static void use(StreamGeneration generation) {
        inUse = generation;
    }

    static StreamGeneration inUse() {
        return inUse;
    }

    /** Reads the generation kept in {@code file}, or makes one that starts now and keeps it there. */
    static StreamGeneration loadOrCreate(Path file, RandomGenerator random) throws IOException {
        if (!Files.exists(file)) {
            Path written = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(
                    written, create(System.currentTimeMillis(), random).toText());
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return fromText(Files.readString(file));
    }

    /** The start on the first line, then one line a vnode: its range end and its streams in hex. */
    String toText() {
        StringBuilder text = new StringBuilder().append(startMillis).append('\n');
        for (Vnode vnode : vnodes) {
            text.append(vnode.rangeEnd());
            for (ByteBuffer stream : vnode.streams()) {
                text.append(' ').append(HexFormat.of().toHexDigits(stream.getLong(0)));
                text.append(HexFormat.of().toHexDigits(stream.getLong(Long.BYTES)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    static StreamGeneration fromText(String text) {
        List<String> lines = text.lines().toList();
        List<Vnode> vnodes = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> words = Splitter.on(' ').splitToList(line);
            List<ByteBuffer> streams = words.subList(1, words.size()).stream()
                    .map(hex -> ByteBuffer.wrap(HexFormat.of().parseHex(hex)))
                    .toList();
            vnodes.add(new Vnode(Long.parseLong(words.get(0)), streams));
        }
        return new StreamGeneration(Long.parseLong(lines.get(0)), List.copyOf(vnodes));
    }
}
