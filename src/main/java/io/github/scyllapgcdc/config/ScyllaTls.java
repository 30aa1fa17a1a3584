package io.github.scyllapgcdc.config;

import java.util.Optional;

/**
 * TLS to ScyllaDB, {@code scylla.ssl.enabled}.
 *
 * @param certificates {@code scylla.ssl.truststore.*} and {@code scylla.ssl.keystore.*}
 * @param verifyHost whether a node's certificate must name the address at which it was reached, {@code scylla.ssl.verify-host}
 */
public record ScyllaTls(Tls certificates, boolean verifyHost) {
    static Optional<ScyllaTls> of(Settings settings) {
        Tls certificates = Tls.of(settings, "scylla.ssl");
        if (settings.bool("scylla.ssl.enabled", false)) {
            return Optional.of(new ScyllaTls(certificates, settings.bool("scylla.ssl.verify-host", true)));
        }
        if (!certificates.isPlain()) { // whoever sets it does not want the password to travel in plain text
            throw new ConfigurationException(
                    certificates.properties() + " is set without effect: set scylla.ssl.enabled=true as well");
        }
        return Optional.empty();
    }
}
