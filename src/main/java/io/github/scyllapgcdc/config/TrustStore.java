package io.github.scyllapgcdc.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file of certificates to trust (JKS or PKCS #12) and its password. */
public record TrustStore(Path location, String password) {
    static Optional<TrustStore> of(Settings settings, String prefix) {
        return settings.optional(prefix + ".location").map(location -> {
            if (!Files.isReadable(Path.of(location))) {
                throw ConfigurationException.refused(prefix + ".location", location, "a file that can be read");
            }
            return new TrustStore(
                    Path.of(location), settings.optional(prefix + ".password").orElse(""));
        });
    }

    @Override
    public String toString() {
        return "TrustStore[" + location + "]";
    }
}
