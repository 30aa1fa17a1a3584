package io.github.scyllapgcdc.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A trust store or key store (JKS or PKCS #12) and its password.
 *
 * @param property the property that names the file, for messages
 */
public record CertificateFile(String property, Path location, String password) {
    /** The store that two properties name, {@code ….location} and {@code ….password}; empty if they do not. */
    public static Optional<CertificateFile> of(Settings settings, String prefix) {
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

    /**
     * When the first of its certificates expires; empty if there is none, or the file is neither a store nor PEM text. Reads the file
     * anew.
     */
    public Optional<Instant> expires() {
        try {
            return certificates().stream()
                    .map(certificate ->
                            ((X509Certificate) certificate).getNotAfter().toInstant())
                    .min(Comparator.naturalOrder());
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private List<Certificate> certificates() throws IOException, GeneralSecurityException {
        List<Certificate> certificates = new ArrayList<>();
        if (isPem()) {
            try (InputStream pem = Files.newInputStream(location)) {
                certificates.addAll(CertificateFactory.getInstance("X.509").generateCertificates(pem));
            }
            return certificates;
        }
        KeyStore store = KeyStore.getInstance(location.toFile(), password.toCharArray());
        for (String alias : Collections.list(store.aliases())) {
            Certificate certificate = store.getCertificate(alias);
            if (certificate instanceof X509Certificate) {
                certificates.add(certificate);
            }
        }
        return certificates;
    }

    private boolean isPem() throws IOException {
        try (InputStream file = Files.newInputStream(location)) {
            return new String(file.readNBytes(64), StandardCharsets.ISO_8859_1).contains("-----BEGIN");
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
