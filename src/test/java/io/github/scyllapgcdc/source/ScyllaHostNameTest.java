package io.github.scyllapgcdc.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.scylladb.cdc.cql.CQLConfiguration;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.ScyllaConfig;
import io.github.scyllapgcdc.config.ScyllaTls;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.dev.TestCertificates;
import io.github.scyllapgcdc.dev.TlsServer;
import io.github.scyllapgcdc.source.generation.GenerationSession;
import io.github.scyllapgcdc.source.generation.GenerationTls;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node with a trusted certificate of another host gets neither password nor query. */
class ScyllaHostNameTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    private TlsServer elsewhere;

    @BeforeEach
    void start() throws Exception {
        elsewhere = new TlsServer(CERTIFICATES.elsewhereKeyStore());
    }

    @AfterEach
    void stop() throws Exception {
        elsewhere.close();
    }

    private ScyllaConfig config(boolean verify) {
        return ScyllaConfig.of(Settings.of(Map.of(
                "scylla.contact-points",
                "127.0.0.1:" + elsewhere.port(),
                "scylla.ssl.enabled",
                "true",
                "scylla.ssl.verify-host",
                Boolean.toString(verify),
                "scylla.ssl.truststore.location",
                CERTIFICATES.trustStore().toString(),
                "scylla.ssl.truststore.password",
                TestCertificates.PASSWORD)));
    }

    @Test
    void theSessionRefusesIt() {
        try (ScyllaSession session = new ScyllaSession(config(true))) {
            assertThatThrownBy(session::get)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("scylla.ssl.*")
                    .hasMessageContaining("not trusted")
                    .hasMessageContaining("127.0.0.1:" + elsewhere.port());
        }
        assertThat(elsewhere.handshakes()).isZero();
    }

    @Test
    void theReaderOfGenerationsRefusesIt() {
        ScyllaTls tls = config(true).tls().orElseThrow();
        CQLConfiguration cql = CQLConfiguration.builder()
                .addContactPoint("127.0.0.1", elsewhere.port())
                .withSslConfig(GenerationTls.of(tls))
                .build();
        try (GenerationSession session = new GenerationSession(() -> cql)) {
            assertThatThrownBy(session::connected).hasStackTraceContaining("NoHostAvailable");
        }
        assertThat(elsewhere.handshakes()).isZero();
    }

    @Test
    void theSessionTakesItWhereNamesAreNotVerified() {
        try (ScyllaSession session = new ScyllaSession(config(false))) {
            assertThatThrownBy(session::get).isNotInstanceOf(ConfigurationException.class);
        }
        assertThat(elsewhere.handshakes()).isPositive();
    }
}
