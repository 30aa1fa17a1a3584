package io.github.scyllapgcdc.secrets;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.VaultConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.spi.PropertiesFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Camel's Vault placeholder {@code {{hashicorp:cdc:scylla#username}}}, with answers an operator can act on: a missing
 * secret names its path and field, a refused token names the property. At start a Vault that is down or sealed is waited for, for
 * {@code vault.start-timeout.ms}; afterwards it is asked once.
 *
 * <p>Secrets are kept for a moment after they were read, so that the user name and the password of one log-in are of one version.
 */
public final class VaultSecrets implements PropertiesFunction, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VaultSecrets.class);
    private static final Duration KEPT = Duration.ofSeconds(30);
    private static final long PAUSE_MS = 500;
    private static final Duration REPORT_EVERY = Duration.ofSeconds(5);

    private final Supplier<VaultConfig> reading;
    private final BooleanSupplier stopping;
    private final Map<String, Kept> kept = new HashMap<>();
    private VaultConfig config;
    private volatile VaultClient client;
    private boolean patient = true;
    private long firstAskedNanos;

    private record Kept(Map<String, Object> fields, long atNanos) {
        boolean isFresh() {
            return System.nanoTime() - atNanos < KEPT.toNanos();
        }
    }

    /**
     * Connects to nothing yet.
     *
     * @param config read when the first placeholder is met: an application without any needs no Vault
     * @param stopping tells when to give up waiting for a Vault that is down
     */
    public VaultSecrets(Supplier<VaultConfig> config, BooleanSupplier stopping) {
        this.reading = config;
        this.stopping = stopping;
    }

    @Override
    public String getName() {
        return "hashicorp";
    }

    @Override
    public synchronized String apply(String remainder) {
        Reference reference = Reference.parse(remainder);
        connect(reference);
        Object value = fields(reference).get(reference.field());
        if (value == null || value.toString().isEmpty()) {
            throw new ConfigurationException(reference + " has no field '" + reference.field() + "' at "
                    + config.address() + ": add it, for example with vault kv patch " + reference.path() + " "
                    + reference.field() + "=…");
        }
        return value.toString();
    }

    /** Has every secret read anew when it is asked for next. */
    synchronized void forget() {
        kept.clear();
    }

    /** When the token does that secrets are read with; {@link Instant#MAX}: never; empty: not known, or none is read. */
    public Optional<Instant> tokenExpires() {
        // without the lock, which is held while Vault is asked: metrics do not wait for that
        VaultClient now = client;
        return now == null ? Optional.empty() : now.tokenExpires();
    }

    /** From now on a Vault that is down is said to be so at once, rather than waited for. */
    public synchronized void started() {
        patient = false;
    }

    private void connect(Reference reference) {
        if (client == null) {
            config = reading.get();
            client = new VaultClient(
                    config,
                    config.login()
                            .orElseThrow(() -> new ConfigurationException(reference + " is to be read from Vault at "
                                    + config.address()
                                    + ", but no log-in is set: camel.vault.hashicorp.token is not set "
                                    + "(environment: VAULT_TOKEN), nor are vault.token.file and vault.approle.*")));
            firstAskedNanos = System.nanoTime();
        }
    }

    private Map<String, Object> fields(Reference reference) {
        Kept before = kept.get(reference.path());
        if (before != null && before.isFresh()) {
            return before.fields();
        }
        Map<String, Object> fields = read(reference);
        kept.put(reference.path(), new Kept(fields, System.nanoTime()));
        return fields;
    }

    private Map<String, Object> read(Reference reference) {
        long lastReport = -REPORT_EVERY.toNanos();
        while (true) {
            RuntimeException failure;
            String reason;
            try {
                return client.read(reference.engine(), reference.secret()).orElseThrow(() -> missing(reference));
            } catch (ConfigurationException e) {
                throw e;
            } catch (RuntimeException e) {
                failure = e;
                reason = VaultFailure.unavailable(e)
                        .orElseThrow(() -> VaultFailure.refusal(reference, config.address(), e));
            }
            long waited = System.nanoTime() - firstAskedNanos;
            if (!patient || waited >= config.startTimeout().toNanos()) {
                throw unavailable(reference, reason, failure);
            }
            if (waited - lastReport >= REPORT_EVERY.toNanos()) {
                lastReport = waited;
                LOG.warn(
                        "waiting for Vault at {} (camel.vault.hashicorp.*): {}, {} s",
                        config.address(),
                        reason,
                        Duration.ofNanos(waited).toSeconds());
            }
            pause(() -> unavailable(reference, reason, failure));
        }
    }

    private ConfigurationException missing(Reference reference) {
        return new ConfigurationException(reference + " does not exist at " + config.address()
                + ": add it, for example with vault kv put " + reference.path() + " " + reference.field() + "=…");
    }

    private ConfigurationException unavailable(Reference reference, String reason, RuntimeException cause) {
        String after = patient ? " within " + config.startTimeout().toMillis() + " ms (vault.start-timeout.ms)" : "";
        return new ConfigurationException(
                "Vault at " + config.address() + " (camel.vault.hashicorp.*) gave no " + reference + after + ": "
                        + reason,
                cause);
    }

    private void pause(Supplier<ConfigurationException> givenUp) {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopping.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw givenUp.get();
        }
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
