package io.github.scyllapgcdc.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;

/**
 * A trust store or key store (JKS or PKCS #12) and its password.
 *
 * @param property the property that names the file, for messages
 */
public record CertificateFile(String property, Path location, String password) {
    static Optional<CertificateFile> of(Settings settings, String prefix) {
        String property = prefix + ".location";
        return settings.optional(property).map(location -> {
            if (!Files.isReadable(Path.of(location))) {
                throw ConfigurationException.refused(property, location, "a file that can be read");
            }
            return new CertificateFile(
                    property,
                    Path.of(location),
                    settings.optional(prefix + ".password").orElse(""));
        });
    }

    KeyStore load() {
        try {
            return KeyStore.getInstance(location.toFile(), password.toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    ConfigurationException unusable(Exception e) {
        return new ConfigurationException(
                property + "=" + location + " cannot be read as JKS or PKCS #12: " + e.getMessage(), e);
    }

    @Override
    public String toString() {
        return "CertificateFile[" + location + "]";
    }
}
