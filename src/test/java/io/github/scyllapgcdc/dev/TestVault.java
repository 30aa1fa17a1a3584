package io.github.scyllapgcdc.dev;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** The stand-in for Vault in the test's own JVM, with short leases, to stop, seal and start again. */
public final class TestVault implements AutoCloseable {
    public static final String ROOT_TOKEN = "t0ken-of-root";
    public static final String ROLE_ID = "role-of-the-application";
    public static final String SECRET_ID = "secret-id-of-the-application";

    private final DevVaultTokens tokens;
    private final DevVaultSecrets secrets;
    private final DevVault vault;
    private final int port;
    private HttpServer server;

    /**
     * Starts it.
     *
     * @param folder where it keeps its secrets
     * @param lease how long a token lives that a log-in gave, unless it is renewed
     * @param longestLease how long it lives at most
     */
    public TestVault(Path folder, Duration lease, Duration longestLease) throws IOException {
        tokens = new DevVaultTokens(ROOT_TOKEN, ROLE_ID, SECRET_ID, Clock.systemUTC(), lease, longestLease);
        secrets = new DevVaultSecrets(folder.resolve("secrets.json"), Clock.systemUTC());
        vault = new DevVault(tokens, secrets);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start();
    }

    public void start() throws IOException {
        server = vault.serve(port);
    }

    /** Ends it; connections are refused from now on. */
    public void stop() {
        server.stop(0);
    }

    public void seal(boolean shut) {
        vault.seal(shut);
    }

    public void changeSecretId(String next) {
        tokens.changeSecretId(next);
    }

    /** The tokens that log-ins gave. */
    public Set<String> tokens() {
        return tokens.given();
    }

    /** Writes the next version of a secret, {@code cdc/postgres} and the like. */
    public void put(String path, Map<String, String> fields) throws IOException {
        secrets.write(path, new ObjectMapper().valueToTree(fields));
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Whether somebody answers. */
    public boolean isUp() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        stop();
    }
}
