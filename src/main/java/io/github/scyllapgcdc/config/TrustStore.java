package io.github.scyllapgcdc.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A file of certificates to trust (JKS or PKCS #12) and its password.
 *
 * @param property the property that names the file, for messages
 */
public record TrustStore(String property, Path location, String password) {
    static Optional<TrustStore> of(Settings settings, String prefix) {
        String property = prefix + ".location";
        return settings.optional(property).map(location -> {
            if (!Files.isReadable(Path.of(location))) {
                throw ConfigurationException.refused(property, location, "a file that can be read");
            }
            return new TrustStore(
                    property,
                    Path.of(location),
                    settings.optional(prefix + ".password").orElse(""));
        });
    }

    /**
     * TLS that trusts these certificates alone.
     *
     * @throws ConfigurationException if the file is no trust store or the password is wrong
     */
    public SSLContext sslContext() {
        try {
            KeyStore certificates = KeyStore.getInstance(location.toFile(), password.toCharArray());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(certificates);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigurationException(
                    property + "=" + location + " cannot be read as a trust store: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "TrustStore[" + location + "]";
    }
}
