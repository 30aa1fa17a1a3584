package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Certificates that the JDK's keytool makes once for each build folder and test process: an authority's, one for the servers on this host and one for a
 * client, both signed by it; and a stranger's, whom nobody should trust.
 */
public final class TestCertificates {
    public static final String PASSWORD = "pa55word-of-stores";
    /** The name in the client's certificate. */
    public static final String CLIENT = "pipeline";

    private static final Path FOLDER = Path.of("target", "test-certificates-" + System.getProperty("test.fork", "1"))
            .toAbsolutePath();
    private static TestCertificates made;

    private TestCertificates() {}

    public static synchronized TestCertificates get() {
        if (made == null) {
            TestCertificates certificates = new TestCertificates();
            if (!Files.exists(certificates.trustStore())) {
                try {
                    certificates.make();
                } catch (IOException | GeneralSecurityException e) {
                    throw new IllegalStateException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
            made = certificates;
        }
        return made;
    }

    /** For the embedded stack. */
    public ServerCertificates server() {
        return new ServerCertificates(
                file("server.p12"), trustStore(), file("server.crt"), file("server.key"), authority(), PASSWORD);
    }

    /** Trusts the authority, PKCS #12. */
    public Path trustStore() {
        return file("trust.p12");
    }

    /** Trusts the stranger alone, PKCS #12. */
    public Path wrongTrustStore() {
        return file("stranger-trust.p12");
    }

    /** The client's key and certificate, PKCS #12. */
    public Path clientKeyStore() {
        return file("client.p12");
    }

    /** Key and certificate of a server that is neither this host nor at its address, PKCS #12. */
    public Path elsewhereKeyStore() {
        return file("elsewhere.p12");
    }

    /** The authority, PEM. */
    public Path authority() {
        return file("ca.crt");
    }

    /** The stranger, PEM. */
    public Path wrongAuthority() {
        return file("stranger.crt");
    }

    /** PEM. */
    public Path clientCertificate() {
        return file("client.crt");
    }

    /** PKCS #8, DER, not encrypted, as Postgres' driver takes it. */
    public Path clientKey() {
        return file("client.pk8");
    }

    private static Path file(String name) {
        return FOLDER.resolve(name);
    }

    private void make() throws IOException, InterruptedException, GeneralSecurityException {
        Files.createDirectories(FOLDER);
        Path all = file("all.p12");
        Files.deleteIfExists(all);
        keyPair(all, "ca", "scylla-pg-cdc tests", "-ext", "bc:c");
        keyPair(all, "stranger", "a stranger", "-ext", "bc:c");
        keyPair(all, "server", "servers", "-signer", "ca", "-ext", "san=ip:127.0.0.1,dns:localhost");
        keyPair(all, "client", CLIENT, "-signer", "ca");
        keyPair(all, "elsewhere", "elsewhere", "-signer", "ca", "-ext", "san=dns:elsewhere.example");
        KeyStore made = KeyStore.getInstance(all.toFile(), PASSWORD.toCharArray());
        pem(authority(), "CERTIFICATE", made.getCertificate("ca").getEncoded());
        pem(wrongAuthority(), "CERTIFICATE", made.getCertificate("stranger").getEncoded());
        pem(file("server.crt"), "CERTIFICATE", made.getCertificate("server").getEncoded());
        pem(clientCertificate(), "CERTIFICATE", made.getCertificate("client").getEncoded());
        pem(file("server.key"), "PRIVATE KEY", key(made, "server").getEncoded());
        Files.write(clientKey(), key(made, "client").getEncoded());
        Files.setPosixFilePermissions(clientKey(), PosixFilePermissions.fromString("rw-------"));
        withKey(made, "server", file("server.p12"));
        withKey(made, "client", clientKeyStore());
        withKey(made, "elsewhere", elsewhereKeyStore());
        trusting(made, "stranger", wrongTrustStore());
        trusting(made, "ca", trustStore()); // the last one: it says that all are there
    }

    private static void keyPair(Path store, String alias, String name, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-storetype", "PKCS12"));
        command.addAll(List.of("-alias", alias, "-dname", "CN=" + name, "-keyalg", "EC", "-validity", "3650"));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
    }

    private static Key key(KeyStore from, String alias) throws GeneralSecurityException {
        return from.getKey(alias, PASSWORD.toCharArray());
    }

    private static void withKey(KeyStore from, String alias, Path file) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        Certificate[] chain = from.getCertificateChain(alias);
        store.setKeyEntry(alias, key(from, alias), PASSWORD.toCharArray(), chain);
        write(store, file);
    }

    private static void trusting(KeyStore from, String alias, Path file) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        store.setCertificateEntry(alias, from.getCertificate(alias));
        write(store, file);
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void write(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    private static void pem(Path file, String what, byte[] der) throws IOException {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
