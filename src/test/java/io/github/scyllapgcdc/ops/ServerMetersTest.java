package io.github.scyllapgcdc.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.dev.TestCertificates;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerMetersTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final HikariDataSource pool = pool();
    private final Map<String, String> properties = new HashMap<>();
    private final AtomicReference<Optional<Boolean>> readable = new AtomicReference<>(Optional.empty());
    private final AtomicInteger filesNotLoaded = new AtomicInteger();
    private final AtomicReference<Optional<Instant>> tokenExpires = new AtomicReference<>(Optional.empty());

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void theFirstCertificateToExpireIsTold() throws Exception {
        properties.put(
                "scylla.ssl.truststore.location", CERTIFICATES.trustStore().toString());
        properties.put("scylla.ssl.truststore.password", TestCertificates.PASSWORD);
        properties.put(
                "kafka.client.ssl.truststore.location", CERTIFICATES.authority().toString());
        properties.put(
                "postgres.url",
                "jdbc:postgresql://db/x?sslmode=verify-full&sslrootcert=" + CERTIFICATES.authority() + "&a=b");
        properties.put(
                "schema.registry.ssl.truststore.location",
                CERTIFICATES.trustStore().toString());
        properties.put("schema.registry.ssl.truststore.password", "not-this-one");
        register();

        KeyStore store =
                KeyStore.getInstance(CERTIFICATES.trustStore().toFile(), TestCertificates.PASSWORD.toCharArray());
        double expires = ((X509Certificate) store.getCertificate(store.aliases().nextElement()))
                .getNotAfter()
                .toInstant()
                .getEpochSecond();
        assertThat(expiry("scylla.ssl.truststore")).isEqualTo(expires);
        assertThat(Files.readString(CERTIFICATES.authority())).contains("BEGIN CERTIFICATE");
        assertThat(expiry("kafka.client.ssl.truststore")).isEqualTo(expires);
        assertThat(expiry("postgres.sslrootcert")).isEqualTo(expires);
        // What can't be read is said where it is used
        assertThat(expiry("schema.registry.ssl.truststore")).isNaN();
    }

    @Test
    void aStoreThatIsReplacedIsReadAgain(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("authority.pem"), "not there yet");
        properties.put("kafka.client.ssl.truststore.location", file.toString());
        register();
        assertThat(expiry("kafka.client.ssl.truststore")).isNaN();

        Files.copy(CERTIFICATES.authority(), file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(expiry("kafka.client.ssl.truststore")).isPositive();

        Files.writeString(file, "no more");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(expiry("kafka.client.ssl.truststore")).isNaN();

        Files.delete(file);
        assertThat(expiry("kafka.client.ssl.truststore")).isNaN();
    }

    @Test
    void vaultIsToldAsItIsNow() {
        register();
        assertThat(gauge("cdc.vault.up")).isNaN();
        assertThat(gauge("cdc.vault.token.ttl.seconds")).isNaN();

        readable.set(Optional.of(false));
        tokenExpires.set(Optional.of(Instant.now().plus(Duration.ofMinutes(5))));
        assertThat(gauge("cdc.vault.up")).isZero();
        assertThat(gauge("cdc.vault.token.ttl.seconds")).isCloseTo(300, within(30.0));

        readable.set(Optional.of(true));
        tokenExpires.set(Optional.of(Instant.now().minusSeconds(5)));
        assertThat(gauge("cdc.vault.up")).isEqualTo(1);
        assertThat(gauge("cdc.vault.token.ttl.seconds")).isZero();
        tokenExpires.set(Optional.of(Instant.MAX));
        assertThat(gauge("cdc.vault.token.ttl.seconds")).isInfinite();
    }

    @Test
    void filesThatAreWrongAreCountedAsTheyAreNow() {
        register();
        assertThat(gauge("cdc.route.files.not.loaded")).isZero();
        filesNotLoaded.set(2);
        assertThat(gauge("cdc.route.files.not.loaded")).isEqualTo(2);
    }

    @Test
    void thePoolsAreMeasured() {
        register();
        assertThat(registry.get("hikaricp.connections.max")
                        .tag("pool", "measured")
                        .gauge()
                        .value())
                .isEqualTo(3);
    }

    private void register() {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("meters", registry);
        ServerMeters.register(
                context, Settings.of(properties), List.of(pool), filesNotLoaded::get, readable::get, tokenExpires::get);
    }

    private double expiry(String store) {
        return registry.get("cdc.certificate.expiry.timestamp.seconds")
                .tag("store", store)
                .gauge()
                .value();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setPoolName("measured");
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
        config.setInitializationFailTimeout(-1);
        config.setMaximumPoolSize(3);
        return new HikariDataSource(config);
    }
}
