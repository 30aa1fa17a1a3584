package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.cli.CommandRun;
import io.github.scyllapgcdc.dev.TestCertificates;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.dev.TlsEndpoints;
import io.github.scyllapgcdc.event.TableId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application with nothing but TLS between it and its servers, by the properties of docs/security.md. */
class TlsFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(90);
    private static final String PASSWORD = "pa55word-over-tls";
    private static final String DRIVER_3 = "ScyllaDB Java Driver";
    private static final String DRIVER_4 = "Apache Cassandra Java Driver";
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    @TempDir
    static Path folder;

    private static PipelineFixture fixture;
    private static SecuredServers servers;

    private Map<String, String> environment;

    @BeforeAll
    static void start() throws Exception {
        fixture = new PipelineFixture("tls");
        servers = new SecuredServers(folder);
        servers.kafkaPassword(PASSWORD);
        servers.postgresPassword("encrypted", PASSWORD);
        servers.store("kafka", SecuredServers.KAFKA_USER, PASSWORD);
        servers.store("postgres", "encrypted", PASSWORD);
        servers.store("scylla", "cdc", "cdc");
        servers.store("stores", "nobody", TestCertificates.PASSWORD);
    }

    @AfterAll
    static void stop() throws Exception {
        servers.close();
        fixture.close();
    }

    @BeforeEach
    void configure() throws Exception {
        TlsEndpoints tls = TestStack.get().tlsEndpoints();
        environment = servers.environment();
        environment.put("SCYLLA_SSL_ENABLED", "true");
        trustAndShow("SCYLLA_SSL_");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", tls.kafkaSasl());
        environment.put("KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_SSL");
        environment.put(
                "KAFKA_CLIENT_SSL_TRUSTSTORE_LOCATION",
                CERTIFICATES.trustStore().toString());
        environment.put("KAFKA_CLIENT_SSL_TRUSTSTORE_PASSWORD", "{{hashicorp:cdc:stores#password}}");
        environment.put("SCHEMA_REGISTRY_URL", tls.registryUrl());
        trustAndShow("SCHEMA_REGISTRY_SSL_");
        environment.put(
                "POSTGRES_URL",
                fixture.endpoints().postgresUrl() + "?sslmode=verify-full&sslrootcert=" + CERTIFICATES.authority()
                        + "&sslcert=" + CERTIFICATES.clientCertificate() + "&sslkey=" + CERTIFICATES.clientKey());
    }

    private void trustAndShow(String prefix) {
        environment.put(
                prefix + "TRUSTSTORE_LOCATION", CERTIFICATES.trustStore().toString());
        environment.put(prefix + "TRUSTSTORE_PASSWORD", "{{hashicorp:cdc:stores#password}}");
        environment.put(
                prefix + "KEYSTORE_LOCATION", CERTIFICATES.clientKeyStore().toString());
        environment.put(prefix + "KEYSTORE_PASSWORD", "{{hashicorp:cdc:stores#password}}");
    }

    @AfterEach
    void forgetTrust() {
        System.clearProperty("api.ssl.truststore.location");
        System.clearProperty("api.ssl.truststore.password");
    }

    @Test
    void everythingOverTlsWithPasswords() throws Exception {
        TableId table = fixture.countedTable("passwords");
        try (PipelineApp app = PipelineApp.prepare("tls-passwords", environment)) {
            // Given an interface over https as well
            Files.writeString(
                    app.home().resolve("application.properties"),
                    """

                    camel.ssl.enabled=true
                    camel.ssl.keyStore=%s
                    camel.ssl.keystorePassword={{hashicorp:cdc:stores#password}}
                    camel.server.useGlobalSslContextParameters=true
                    camel.management.useGlobalSslContextParameters=true
                    """.formatted(CERTIFICATES.server().keyStore()),
                    StandardOpenOption.APPEND);
            String url = app.url().replace("http://", "https://");
            app.restart();
            app.deploy(table);

            // When rows are written
            fixture.insert(table, 0, 500);

            // Then each is applied once
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, 500);

            // And all connections to Postgres are encrypted, and showed the certificate
            assertThat(servers.connections("encrypted", TestCertificates.CLIENT, true))
                    .isPositive();
            assertThat(servers.connections("encrypted", TestCertificates.CLIENT, false))
                    .isZero();

            // And so are those of both drivers to ScyllaDB, where only this test's own session is in plain text
            assertThat(scyllaClients(true)).containsExactlyInAnyOrder(DRIVER_4, DRIVER_3);
            assertThat(scyllaClients(false)).containsExactly(DRIVER_4);

            // And the command line speaks https with those that it trusts alone
            System.setProperty(
                    "api.ssl.truststore.location", CERTIFICATES.trustStore().toString());
            System.setProperty("api.ssl.truststore.password", TestCertificates.PASSWORD);
            Awaitility.await("the application is healthy").atMost(LANDS).untilAsserted(() -> {
                CommandRun health = CommandRun.of("health", "--app-url", url);
                assertThat(health.code()).as(health.toString()).isZero();
            });
            System.setProperty(
                    "api.ssl.truststore.location",
                    CERTIFICATES.wrongTrustStore().toString());
            assertThat(CommandRun.of("status", "--app-url", url).errors())
                    .contains(url, "api.ssl.truststore.location", "not trusted");
            assertThat(app.health()).as("plain text").isEmpty();
            assertThat(app.log()).doesNotContain(PASSWORD, TestCertificates.PASSWORD);
        }
    }

    /** Each session that is connected to the stand-in, by its driver. */
    private static List<String> scyllaClients(boolean encrypted) {
        Map<String, String> drivers = new HashMap<>();
        for (Row row : fixture.scylla().execute("SELECT * FROM system_views.clients")) {
            if (row.getBoolean("ssl_enabled") == encrypted) {
                String session = row.getMap("client_options", String.class, String.class)
                        .getOrDefault("CLIENT_ID", "driver 3 has none");
                drivers.put(session, row.getString("driver_name"));
            }
        }
        return List.copyOf(drivers.values());
    }

    @Test
    void kafkaWithAClientCertificateInPlaceOfAPassword() throws Exception {
        TableId table = fixture.countedTable("mutual");
        environment.keySet().removeIf(name -> name.startsWith("KAFKA_CLIENT_SASL"));
        environment.put(
                "KAFKA_BOOTSTRAP_SERVERS", TestStack.get().tlsEndpoints().kafkaMutual());
        environment.put("KAFKA_CLIENT_SECURITY_PROTOCOL", "SSL");
        environment.put(
                "KAFKA_CLIENT_SSL_KEYSTORE_LOCATION",
                CERTIFICATES.clientKeyStore().toString());
        environment.put("KAFKA_CLIENT_SSL_KEYSTORE_PASSWORD", "{{hashicorp:cdc:stores#password}}");
        try (PipelineApp app = PipelineApp.start("tls-mutual", environment)) {
            app.deploy(table);
            fixture.insert(table, 0, 500);
            fixture.awaitSame(table, LANDS);
            fixture.assertEachOnce(table, 500);
            app.awaitHealthy();
        }
    }
}
