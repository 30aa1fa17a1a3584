package io.github.scyllapgcdc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.dev.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    private final Map<String, String> properties = new HashMap<>(Map.of(
            "scylla.ssl.truststore.location",
            CERTIFICATES.trustStore().toString(),
            "scylla.ssl.truststore.password",
            TestCertificates.PASSWORD,
            "scylla.ssl.keystore.location",
            CERTIFICATES.clientKeyStore().toString(),
            "scylla.ssl.keystore.password",
            TestCertificates.PASSWORD));

    private Tls tls() {
        return Tls.of(Settings.of(properties), "scylla.ssl");
    }

    @Test
    void aWrongPasswordNamesPropertyAndFileAndNotThePassword() {
        properties.put("scylla.ssl.truststore.password", "not-this-one");
        assertThatThrownBy(() -> tls().context())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("scylla.ssl.truststore.location=" + CERTIFICATES.trustStore())
                .message()
                .doesNotContain("not-this-one");
    }

    @Test
    void aFileThatIsNoStoreIsRefused(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("key.p12"), "no key");
        properties.put("scylla.ssl.keystore.location", text.toString());
        assertThatThrownBy(() -> tls().context()).hasMessageContaining("scylla.ssl.keystore.location=" + text);
    }

    @Test
    void aMissingFileIsRefused() {
        properties.put("scylla.ssl.keystore.location", "/nowhere/key.p12");
        assertThatThrownBy(this::tls).hasMessageContaining("scylla.ssl.keystore.location=/nowhere/key.p12");
    }

    @Test
    void certificatesWithoutTlsAreRefused() {
        assertThatThrownBy(() -> ScyllaConfig.of(Settings.of(properties)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("scylla.ssl.truststore.location, scylla.ssl.keystore.location")
                .hasMessageContaining("scylla.ssl.enabled=true");
    }

    @Test
    void hostNamesAreVerifiedUnlessToldOtherwise() {
        properties.put("scylla.ssl.enabled", "true");
        assertThat(ScyllaConfig.of(Settings.of(properties)).tls().orElseThrow().verifyHost())
                .isTrue();
        properties.put("scylla.ssl.verify-host", "false");
        assertThat(ScyllaConfig.of(Settings.of(properties)).tls().orElseThrow().verifyHost())
                .isFalse();
    }

    @Test
    void passwordsAreNotShown() {
        assertThat(tls().toString()).contains("trust.p12").doesNotContain(TestCertificates.PASSWORD);
    }
}
