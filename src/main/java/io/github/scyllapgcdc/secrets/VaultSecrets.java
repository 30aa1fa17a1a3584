package io.github.scyllapgcdc.secrets;

import io.github.scyllapgcdc.config.ConfigurationException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.camel.component.hashicorp.vault.HashicorpVaultPropertiesFunction;
import org.apache.camel.vault.HashicorpVaultConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.client.RestClientResponseException;

/**
 * Camel's Vault placeholder {@code {{hashicorp:cdc:scylla#username}}}, with answers an operator can act on: a missing
 * secret names its path and field, a refused token names the property, and a Vault that is down is waited for.
 *
 * <p>A default inside a placeholder is refused: it would be used whenever Vault is down, in silence.
 */
public final class VaultSecrets extends HashicorpVaultPropertiesFunction {
    private static final Logger LOG = LoggerFactory.getLogger(VaultSecrets.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final BooleanSupplier stopping;
    private boolean connected;

    /** @param stopping tells when to give up waiting for a Vault that is down */
    public VaultSecrets(BooleanSupplier stopping) {
        this.stopping = stopping;
    }

    @Override
    public String apply(String remainder) {
        Reference reference = Reference.parse(remainder);
        start(reference);
        long since = System.nanoTime();
        for (int attempt = 0; ; attempt++) {
            try {
                String value = super.apply(remainder);
                if (value == null || value.isEmpty()) {
                    throw new ConfigurationException(reference + " has no field '" + reference.field + "' at "
                            + address() + ": add it, for example with vault kv patch " + reference.path() + " "
                            + reference.field + "=…");
                }
                return value;
            } catch (ConfigurationException e) {
                throw e;
            } catch (RuntimeException e) {
                IOException unreachable = cause(e, IOException.class);
                if (unreachable == null) {
                    throw explained(reference, e);
                }
                long seconds = Duration.ofNanos(System.nanoTime() - since).toSeconds();
                if (attempt % 5 == 0) {
                    LOG.warn(
                            "waiting for Vault at {} (camel.vault.hashicorp.*): {}, {} s",
                            address(),
                            unreachable.getMessage(),
                            seconds);
                }
                pause(reference);
            }
        }
    }

    private void start(Reference reference) {
        HashicorpVaultConfiguration vault = vault();
        if (vault == null || blank(vault.getToken()) || blank(vault.getHost()) || blank(vault.getPort())) {
            throw new ConfigurationException(reference + " is to be read from Vault, but camel.vault.hashicorp."
                    + (vault == null || blank(vault.getToken()) ? "token" : "host or port")
                    + " is not set (environment: VAULT_TOKEN for the token)");
        }
        synchronized (this) {
            if (!connected) {
                connect();
                connected = true;
            }
        }
    }

    private void connect() {
        try {
            super.doStart();
        } catch (Exception e) {
            throw new ConfigurationException("camel.vault.hashicorp.* cannot be used: " + e.getMessage(), e);
        }
    }

    /** Camel starts every function it knows; one that no placeholder uses needs no Vault. */
    @Override
    protected void doStart() {}

    private void pause(Reference reference) {
        try {
            Thread.sleep(RETRY_PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopping.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw new ConfigurationException(reference + " was not read: Vault at " + address() + " did not answer");
        }
    }

    private ConfigurationException explained(Reference reference, RuntimeException e) {
        RestClientResponseException answer = cause(e, RestClientResponseException.class);
        if (answer != null && answer.getStatusCode().value() == 403) {
            return new ConfigurationException(
                    reference + " was refused by Vault at " + address()
                            + ": the token (camel.vault.hashicorp.token) is wrong, expired, or has no policy for "
                            + reference.path(),
                    e);
        }
        if (answer != null) {
            return new ConfigurationException(
                    reference + " was not read: Vault at " + address() + " answered " + answer.getStatusCode(), e);
        }
        // Camel fails with a NullPointerException when there is no such secret
        return new ConfigurationException(
                reference + " does not exist at " + address() + ": add it, for example with vault kv put "
                        + reference.path() + " " + reference.field + "=…",
                e);
    }

    private String address() {
        HashicorpVaultConfiguration vault = vault();
        return vault.getScheme() + "://" + vault.getHost() + ":" + vault.getPort();
    }

    private HashicorpVaultConfiguration vault() {
        return getCamelContext().getVaultConfiguration().hashicorp();
    }

    private static boolean blank(String value) {
        return value == null || value.isBlank();
    }

    private static <T extends Throwable> T cause(Throwable thrown, Class<T> type) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }

    /** What a placeholder names; {@code cdc:scylla#username} is the field username of the secret scylla in engine cdc. */
    private record Reference(String engine, String secret, String field) {
        static Reference parse(String remainder) {
            int colon = remainder.indexOf(':');
            int hash = remainder.indexOf('#');
            if (colon <= 0 || hash < colon + 2 || hash == remainder.length() - 1) {
                throw new ConfigurationException(
                        "{{hashicorp:" + remainder + "}} is refused: expected {{hashicorp:engine:secret#field}}");
            }
            if (remainder.indexOf(':', hash) >= 0) {
                throw new ConfigurationException("{{hashicorp:" + remainder.substring(0, remainder.indexOf(':', hash))
                        + ":…}} is refused: a default would hide a Vault that is down, remove it");
            }
            return new Reference(
                    remainder.substring(0, colon), remainder.substring(colon + 1, hash), remainder.substring(hash + 1));
        }

        String path() {
            return engine + "/" + secret;
        }

        @Override
        public String toString() {
            return "secret " + path() + " (placeholder {{hashicorp:" + engine + ":" + secret + "#" + field + "}})";
        }
    }
}
