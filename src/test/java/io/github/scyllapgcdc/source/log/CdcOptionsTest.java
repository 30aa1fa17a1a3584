package io.github.scyllapgcdc.source.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CdcOptionsTest {

    private static ByteBuffer extension(String... entries) {
        ByteBuffer bytes = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(entries.length / 2);
        for (String entry : entries) {
            byte[] text = entry.getBytes(StandardCharsets.UTF_8);
            bytes.putInt(text.length).put(text);
        }
        return bytes.flip();
    }

    @Test
    void readsWhatScyllaWrites() {
        // When
        CdcOptions options = CdcOptions.parse(extension(
                "delta", "full", "enabled", "true", "postimage", "false", "preimage", "false", "ttl", "3600"));

        // Then
        assertThat(options.enabled()).isTrue();
        assertThat(options.fullDelta()).isTrue();
        assertThat(options.ttl()).contains(Duration.ofHours(1));
    }

    @Test
    void aTimeToLiveOfZeroMeansForEver() {
        assertThat(CdcOptions.parse(extension("ttl", "0")).ttl()).isEmpty();
    }

    @Test
    void switchedOffAndKeysOnlyAreSeen() {
        // When
        CdcOptions options = CdcOptions.parse(extension("enabled", "false", "delta", "keys"));

        // Then
        assertThat(options.enabled()).isFalse();
        assertThat(options.fullDelta()).isFalse();
    }

    @Test
    void damageIsRefused() {
        assertThatThrownBy(() -> CdcOptions.parse(ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 9})))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
