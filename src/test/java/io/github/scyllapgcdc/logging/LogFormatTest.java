package io.github.scyllapgcdc.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFormatTest {
    @TempDir
    private Path folder;

    @Test
    void textUnlessTheFileOrTheEnvironmentSaysOtherwise() throws IOException {
        assertThat(LogFormat.of(folder, Map.of())).isEqualTo(LogFormat.TEXT);
        Files.writeString(folder.resolve("application.properties"), "log.format=json\n");
        assertThat(LogFormat.of(folder, Map.of())).isEqualTo(LogFormat.JSON);
        assertThat(LogFormat.of(folder, Map.of("LOG_FORMAT", "text"))).isEqualTo(LogFormat.TEXT);
    }

    @Test
    void anotherValueIsRefused() {
        assertThatThrownBy(() -> LogFormat.of(folder, Map.of("LOG_FORMAT", "xml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("log.format=xml is refused: expected text or json");
    }
}
