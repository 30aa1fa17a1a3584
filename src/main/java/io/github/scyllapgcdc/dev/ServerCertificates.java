package io.github.scyllapgcdc.dev;

import java.nio.file.Path;

/**
 * What the servers of a stack speak TLS with, besides plain text.
 *
 * @param keyStore key and certificate for 127.0.0.1 and localhost, PKCS #12
 * @param trustStore who signs the clients' certificates, PKCS #12
 * @param certificate the same certificate, PEM
 * @param key the same key, PEM, not encrypted
 * @param authority who signs the clients' certificates, PEM
 * @param password of both stores
 */
public record ServerCertificates(
        Path keyStore, Path trustStore, Path certificate, Path key, Path authority, String password) {
    @Override
    public String toString() {
        return "ServerCertificates[" + keyStore + "]";
    }
}
