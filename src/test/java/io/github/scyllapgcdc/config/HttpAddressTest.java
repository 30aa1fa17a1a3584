package io.github.scyllapgcdc.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:8083",
        "0.0.0.0, http://127.0.0.1:8083",
        "::, http://[::1]:8083",
        "[::1], http://[::1]:8083",
        "cdc-1, http://cdc-1:8083"
    })
    void whatListensEverywhereIsAskedOnLoopback(String host, String address) {
        assertThat(HttpAddress.of(Settings.of(Map.of("camel.server.host", host)), "camel.server", 8083))
                .isEqualTo(address);
    }

    @Test
    void tlsAndThePortAreTheServersOwn() {
        Map<String, String> properties = new HashMap<>();
        properties.put("camel.management.useGlobalSslContextParameters", "true");
        properties.put("camel.management.port", "18080");
        assertThat(HttpAddress.of(Settings.of(properties), "camel.management", 8080))
                .isEqualTo("https://127.0.0.1:18080");
        assertThat(HttpAddress.of(Settings.of(properties), "camel.server", 8083))
                .isEqualTo("http://127.0.0.1:8083");
    }
}
