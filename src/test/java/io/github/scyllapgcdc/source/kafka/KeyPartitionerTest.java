package io.github.scyllapgcdc.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPartitionerTest {

    /** Hashes from Kafka's own UtilsTest, so that any producer's default partitioner agrees. */
    @ParameterizedTest
    @CsvSource({"21, -973932308", "foobar, -790332482", "a-little-bit-long-string, -985981536"})
    void agreesWithKafkasOwnHash(String key, int murmur2) {
        // Given
        ByteBuffer bytes = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));

        // When
        int partition = new KeyPartitioner(1000).partition(List.of(bytes));

        // Then
        assertThat(partition).isEqualTo((murmur2 & 0x7fffffff) % 1000);
        assertThat(bytes.position()).isZero();
    }

    @Test
    void serialisesACompositeKeyAsCqlDoes() {
        // Given
        ByteBuffer first = ByteBuffer.allocate(8).putInt(99).putInt(1).position(4);
        ByteBuffer second = ByteBuffer.wrap("xy".getBytes(StandardCharsets.UTF_8));

        // When
        byte[] bytes = KeyPartitioner.serialised(List.of(first, second));

        // Then
        assertThat(bytes).containsExactly(0, 4, 0, 0, 0, 1, 0, 0, 2, 'x', 'y', 0);
        assertThat(first.position()).isEqualTo(4);
    }

    @Test
    void serialisesASingleColumnAsItIs() {
        assertThat(KeyPartitioner.serialised(List.of(ByteBuffer.wrap(new byte[] {1, 2, 3}))))
                .containsExactly(1, 2, 3);
    }
}
