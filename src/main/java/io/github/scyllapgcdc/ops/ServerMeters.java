package io.github.scyllapgcdc.ops;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.github.scyllapgcdc.config.CertificateFile;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Settings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/** What the process has beside its connectors, as meters: connections, certificates, Vault's token, files that are wrong. */
public final class ServerMeters {
    private static final List<String> TLS =
            List.of("scylla.ssl", "kafka.client.ssl", "schema.registry.ssl", "vault.ssl", "api.ssl");
    private static final String SERVER_STORE = "camel.ssl.keyStore";
    private static final Pattern POSTGRES = Pattern.compile("[?&](sslrootcert|sslcert)=([^&]+)");
    private static final double MILLIS = 1e-3;

    private ServerMeters() {}

    /**
     * Registers them; to be called once the context has started.
     *
     * @param filesNotLoaded how many of the tables' files have an error
     * @param secretsReadable whether the secrets behind the log-ins could be read when they were looked at last; empty: none is followed
     * @param tokenExpires when Vault's token does; {@link Instant#MAX}: never; empty: not known, or there is none
     */
    public static void register(
            CamelContext context,
            Settings settings,
            List<HikariDataSource> pools,
            IntSupplier filesNotLoaded,
            Supplier<Optional<Boolean>> secretsReadable,
            Supplier<Optional<Instant>> tokenExpires) {
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return; // camel.metrics.enabled=false
        }
        pools.forEach(pool -> pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry)));
        for (String prefix : TLS) {
            for (String store : List.of(prefix + ".truststore", prefix + ".keystore")) {
                certificate(settings, store).ifPresent(file -> certificate(registry, store, file));
            }
        }
        settings.optional(SERVER_STORE)
                .map(path -> new CertificateFile(
                        SERVER_STORE,
                        Path.of(path),
                        settings.optional("camel.ssl.keystorePassword").orElse("")))
                .ifPresent(file -> certificate(registry, SERVER_STORE, file));
        Matcher postgres = POSTGRES.matcher(settings.text("postgres.url", ""));
        while (postgres.find()) {
            String store = "postgres." + postgres.group(1);
            certificate(registry, store, new CertificateFile(store, Path.of(postgres.group(2)), ""));
        }
        Gauge.builder("cdc.route.files.not.loaded", filesNotLoaded, IntSupplier::getAsInt)
                .description("Files of tables that have an error, so that what they say does not run")
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "cdc.vault.up",
                        secretsReadable,
                        readable -> readable.get().map(yes -> yes ? 1.0 : 0.0).orElse(Double.NaN))
                .description("1 while the secrets behind the log-ins can be read from Vault")
                .strongReference(true)
                .register(registry);
        Gauge.builder("cdc.vault.token.ttl.seconds", tokenExpires, expires -> secondsLeft(expires.get()))
                .description("Time that is left of Vault's token before it has to be renewed")
                .strongReference(true)
                .register(registry);
    }

    /** A store that can't be read is said where it is used; one that is not used may be wrong. */
    private static Optional<CertificateFile> certificate(Settings settings, String store) {
        try {
            return CertificateFile.of(settings, store);
        } catch (ConfigurationException e) {
            return Optional.empty();
        }
    }

    private static void certificate(MeterRegistry registry, String store, CertificateFile file) {
        Gauge.builder("cdc.certificate.expiry.timestamp.seconds", new Expiry(file), Expiry::seconds)
                .description("When the first certificate of a store expires, in seconds since 1970")
                .tag("store", store)
                .strongReference(true)
                .register(registry);
    }

    /** Opening a store takes long enough to do it once for each time that the file is replaced. */
    private static final class Expiry {
        private final CertificateFile file;
        private FileTime read;
        private double seconds;

        private Expiry(CertificateFile file) {
            this.file = file;
        }

        private synchronized double seconds() {
            try {
                FileTime written = Files.getLastModifiedTime(file.location());
                if (!written.equals(read)) {
                    seconds = file.expires()
                            .map(expires -> (double) expires.getEpochSecond())
                            .orElse(Double.NaN);
                    read = Double.isNaN(seconds) ? null : written;
                }
                return seconds;
            } catch (IOException gone) {
                return Double.NaN;
            }
        }
    }

    private static double secondsLeft(Optional<Instant> expires) {
        if (expires.isEmpty()) {
            return Double.NaN;
        }
        return expires.get().equals(Instant.MAX)
                ? Double.POSITIVE_INFINITY
                : Math.max(0, Duration.between(Instant.now(), expires.get()).toMillis() * MILLIS);
    }
}
