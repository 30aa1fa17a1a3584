package io.github.scyllapgcdc.config;

import io.github.scyllapgcdc.config.VaultLogin.Value;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Vault, where credentials are kept, and how long it is waited for.
 *
 * @param address scheme, host and port: {@code camel.vault.hashicorp.scheme}, {@code .host} and {@code .port}
 * @param namespace {@code camel.vault.hashicorp.namespace}, for Vault Enterprise
 * @param login who the application is there; empty if nothing is set, which is an error only once a secret is needed
 * @param tls for https, {@code vault.ssl.truststore.*} and {@code vault.ssl.keystore.*}
 * @param startTimeout how long a Vault that is down or sealed is waited for at start, {@code vault.start-timeout.ms}
 * @param refreshPeriod how often the secrets are looked at while running, {@code vault.refresh.period.ms}; zero: never
 */
public record VaultConfig(
        URI address,
        Optional<String> namespace,
        Optional<VaultLogin> login,
        Tls tls,
        Duration startTimeout,
        Duration refreshPeriod) {
    private static final String CAMEL = "camel.vault.hashicorp.";

    public VaultConfig {
        Limits.between("vault.start-timeout.ms", startTimeout, 0, 86_400_000);
        if (!refreshPeriod.isZero()) {
            Limits.between("vault.refresh.period.ms", refreshPeriod, 1_000, 86_400_000);
        }
    }

    /**
     * Reads what concerns Vault.
     *
     * @throws ConfigurationException for the first value that is refused
     */
    public static VaultConfig of(Settings settings) {
        return new VaultConfig(
                address(settings),
                settings.optional(CAMEL + "namespace"),
                login(settings),
                Tls.of(settings, "vault.ssl"),
                settings.millis("vault.start-timeout.ms", 120_000),
                settings.millis("vault.refresh.period.ms", 60_000));
    }

    private static URI address(Settings settings) {
        String scheme = settings.text(CAMEL + "scheme", "http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw ConfigurationException.refused(CAMEL + "scheme", scheme, "http or https");
        }
        String host = settings.text(CAMEL + "host", "127.0.0.1");
        int port = settings.integer(CAMEL + "port", 8200);
        Limits.between(CAMEL + "port", port, 1, 65_535, "");
        try {
            return URI.create(scheme + "://" + host + ":" + port);
        } catch (IllegalArgumentException e) {
            throw ConfigurationException.refused(CAMEL + "host", host, "a host name or an address");
        }
    }

    private static Optional<VaultLogin> login(Settings settings) {
        Optional<Value> token = Value.of(settings, CAMEL + "token", "vault.token.file");
        Optional<Value> role = Value.of(settings, "vault.approle.role-id", "vault.approle.role-id.file");
        Optional<Value> secret = Value.of(settings, "vault.approle.secret-id", "vault.approle.secret-id.file");
        if (role.isPresent() != secret.isPresent()) {
            throw new ConfigurationException(
                    (role.isPresent() ? role : secret).get() + " is set alone: AppRole needs both "
                            + "vault.approle.role-id and vault.approle.secret-id, or the files that hold them");
        }
        if (token.isPresent() && role.isPresent()) {
            throw new ConfigurationException(
                    token.get() + " and " + role.get() + " are both set: keep one way to log in at Vault");
        }
        if (role.isPresent()) {
            return Optional.of(
                    new VaultLogin.AppRole(settings.text("vault.approle.path", "approle"), role.get(), secret.get()));
        }
        return token.map(VaultLogin.Token::new);
    }
}
