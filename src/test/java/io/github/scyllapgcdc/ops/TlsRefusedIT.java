package io.github.scyllapgcdc.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.config.PostgresConfig;
import io.github.scyllapgcdc.config.RegistryConfig;
import io.github.scyllapgcdc.config.ScyllaConfig;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.config.Tls;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestCertificates;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import io.github.scyllapgcdc.source.ScyllaSession;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server whose certificate the configuration does not trust ends the start with a line that names server and properties. */
class TlsRefusedIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private final StackEndpoints stack = TestStack.get().endpoints();

    @Test
    void kafkaOfAnUnknownAuthority() {
        assertRefused(
                () -> runKafka(CERTIFICATES.wrongTrustStore().toString(), true),
                TestStack.get().tlsEndpoints().kafkaMutual(),
                "kafka.client.ssl.*",
                "not trusted");
    }

    @Test
    void kafkaThatWantsACertificate() throws Exception {
        assertRefused(
                () -> runKafka(CERTIFICATES.trustStore().toString(), false),
                TestStack.get().tlsEndpoints().kafkaMutual(),
                "kafka.client.ssl.*",
                "want of a certificate");
        try (KafkaCheck check = kafka(CERTIFICATES.trustStore().toString(), true)) {
            check.run();
        }
    }

    /** Its client goes on trying until it is closed. */
    private static void runKafka(String trustStore, boolean ownCertificate) throws Exception {
        try (KafkaCheck check = kafka(trustStore, ownCertificate)) {
            check.run();
        }
    }

    private static KafkaCheck kafka(String trustStore, boolean ownCertificate) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "security.protocol",
                "SSL",
                "ssl.truststore.location",
                trustStore,
                "ssl.truststore.password",
                TestCertificates.PASSWORD));
        if (ownCertificate) {
            properties.put(
                    "ssl.keystore.location", CERTIFICATES.clientKeyStore().toString());
            properties.put("ssl.keystore.password", TestCertificates.PASSWORD);
        }
        return new KafkaCheck(new KafkaConfig(TestStack.get().tlsEndpoints().kafkaMutual(), properties));
    }

    @Test
    void postgresOfAnUnknownAuthority() throws Exception {
        assertRefused(
                () -> postgres("verify-full&sslrootcert=" + CERTIFICATES.wrongAuthority())
                        .run(),
                "127.0.0.1",
                "sslrootcert",
                "postgres.url",
                "not trusted");
        postgres("verify-full&sslrootcert=" + CERTIFICATES.authority()).run();
    }

    @Test
    void postgresWithoutAFileToTrust() {
        assertRefused(
                () -> postgres("verify-full&sslrootcert=/nowhere/ca.crt").run(), "postgres.url", "/nowhere/ca.crt");
    }

    private PostgresCheck postgres(String ssl) {
        Settings login = Settings.of(
                Map.of("postgres.username", stack.postgresUser(), "postgres.password", stack.postgresPassword()));
        return new PostgresCheck(
                new PostgresConfig(stack.postgresUrl() + "?sslmode=" + ssl, new Login(login.credentials("postgres"))));
    }

    @Test
    void registryOfAnUnknownAuthority() throws Exception {
        assertRefused(
                () -> registry(CERTIFICATES.wrongTrustStore().toString()).run(),
                TestStack.get().tlsEndpoints().registryUrl(),
                "schema.registry.ssl.*",
                "not trusted");
        registry(CERTIFICATES.trustStore().toString()).run();
    }

    private static RegistryCheck registry(String trustStore) {
        String url = TestStack.get().tlsEndpoints().registryUrl();
        Tls tls = Tls.of(
                Settings.of(Map.of(
                        "schema.registry.ssl.truststore.location",
                        trustStore,
                        "schema.registry.ssl.truststore.password",
                        TestCertificates.PASSWORD)),
                "schema.registry.ssl");
        return new RegistryCheck(
                new RegistryConfig(url, Login.none(), tls),
                new ConfluentRegistry(url, Login.none(), Optional.of(tls.context())));
    }

    @Test
    void scyllaOfAnUnknownAuthority() {
        try (ScyllaSession session = scylla(CERTIFICATES.wrongTrustStore().toString())) {
            assertRefused(session::get, "127.0.0.1:" + stack.scyllaPort(), "scylla.ssl.*", "not trusted");
        }
        try (ScyllaSession session = scylla(CERTIFICATES.trustStore().toString())) {
            assertThat(session.generations().fetchFirstGenerationId().join()).isPresent();
        }
    }

    private ScyllaSession scylla(String trustStore) {
        return new ScyllaSession(ScyllaConfig.of(Settings.of(Map.of(
                "scylla.contact-points",
                "127.0.0.1:" + stack.scyllaPort(),
                "scylla.ssl.enabled",
                "true",
                "scylla.ssl.truststore.location",
                trustStore,
                "scylla.ssl.truststore.password",
                TestCertificates.PASSWORD,
                "scylla.ssl.keystore.location",
                CERTIFICATES.clientKeyStore().toString(),
                "scylla.ssl.keystore.password",
                TestCertificates.PASSWORD))));
    }

    private static void assertRefused(ThrowingRun run, String... parts) {
        assertThatThrownBy(run::run)
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(parts)
                .doesNotContain("\n");
    }

    private interface ThrowingRun {
        void run() throws Exception;
    }
}
