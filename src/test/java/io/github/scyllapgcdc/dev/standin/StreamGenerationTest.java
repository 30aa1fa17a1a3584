package io.github.scyllapgcdc.dev.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamGenerationTest {
    private final StreamGeneration generation = StreamGeneration.create(1_700_000_000_000L, new Random(42));

    @Test
    void coversTheWholeRing() {
        assertThat(generation.vnodes().get(generation.vnodes().size() - 1).rangeEnd())
                .isEqualTo(Long.MAX_VALUE);
        for (long token : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
            assertThat(generation.streamOf(token).remaining()).isEqualTo(16);
        }
    }

    @Test
    void namesEachStreamByATokenOfItsOwnShareAndItsVnode() {
        for (int vnode = 0; vnode < generation.vnodes().size(); vnode++) {
            for (ByteBuffer stream : generation.vnodes().get(vnode).streams()) {
                long lower = stream.getLong(8);
                assertThat(generation.streamOf(stream.getLong(0))).isEqualTo(stream);
                assertThat(lower & 0xF).as("version").isEqualTo(1);
                assertThat((lower >>> 4) & 0x3FFFFF).as("vnode index").isEqualTo(vnode);
            }
        }
    }

    @Test
    void changesStreamAtTheEndOfAVnode() {
        StreamGeneration.Vnode first = generation.vnodes().get(0);
        List<ByteBuffer> streams = first.streams();

        assertThat(generation.streamOf(first.rangeEnd())).isEqualTo(streams.get(streams.size() - 1));
        assertThat(generation.streamOf(first.rangeEnd() + 1))
                .isEqualTo(generation.vnodes().get(1).streams().get(0));
    }

    @Test
    void isTheSameAfterARestart(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("generation");
        StreamGeneration first = StreamGeneration.loadOrCreate(file, new Random(1));

        StreamGeneration second = StreamGeneration.loadOrCreate(file, new Random(2));

        assertThat(second).isEqualTo(first);
    }
}
