package io.github.scyllapgcdc.config;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whom a client trusts, and what it shows of itself, when it speaks TLS with one server.
 *
 * @param trusted certificates to trust instead of the JVM's own, {@code ….truststore.location} and {@code ….truststore.password}
 * @param own key and certificate for servers that ask for one, {@code ….keystore.location} and {@code ….keystore.password}; the key
 *     has the password of the store
 */
public record Tls(Optional<CertificateFile> trusted, Optional<CertificateFile> own) {
    /** Reads the properties that begin with a prefix, such as {@code scylla.ssl}. */
    public static Tls of(Settings settings, String prefix) {
        return new Tls(
                CertificateFile.of(settings, prefix + ".truststore"),
                CertificateFile.of(settings, prefix + ".keystore"));
    }

    /** Whether nothing is set, so that the JVM's own certificates and none of its own do. */
    public boolean isPlain() {
        return trusted.isEmpty() && own.isEmpty();
    }

    /** The properties that are set, for messages. */
    String properties() {
        return Stream.of(trusted, own)
                .flatMap(Optional::stream)
                .map(CertificateFile::property)
                .collect(Collectors.joining(", "));
    }

    /**
     * What connections are made with.
     *
     * @throws ConfigurationException if a file holds no such store, or its password is wrong
     */
    public SSLContext context() {
        if (isPlain()) {
            return jvmDefault();
        }
        KeyManager[] keys = own.map(Tls::keyManagers).orElse(null);
        TrustManager[] trust = trusted.map(Tls::trustManagers).orElse(null);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM knows no TLS", e);
        }
    }

    /** With what {@code javax.net.ssl.*} says. */
    private static SSLContext jvmDefault() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException("javax.net.ssl.* is set to something unusable: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trustManagers(CertificateFile file) {
        KeyStore certificates = file.load();
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(certificates);
            return trust.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw file.unusable(e);
        }
    }

    private static KeyManager[] keyManagers(CertificateFile file) {
        KeyStore keys = file.load();
        try {
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(keys, file.password().toCharArray());
            return own.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw file.unusable(e);
        }
    }
}
