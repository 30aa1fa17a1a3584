package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Shakes hands over TLS with whoever trusts its certificate, and says no more. */
public final class TlsServer implements AutoCloseable {
    private final SSLServerSocket socket;
    private final AtomicInteger handshakes = new AtomicInteger();

    /** @param keyStore its key and certificate, with the password of {@link TestCertificates} */
    public TlsServer(Path keyStore) throws IOException, GeneralSecurityException {
        char[] password = TestCertificates.PASSWORD.toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(keyStore.toFile(), password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(this::accept, "tls-server");
        accepting.setDaemon(true);
        accepting.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try (SSLSocket client = (SSLSocket) socket.accept()) {
                client.startHandshake();
                if (client.getInputStream().read() >= 0) { // a client that refuses the certificate sends nothing
                    handshakes.incrementAndGet();
                }
            } catch (IOException e) {
                // refused by the client, or closed
            }
        }
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** How many clients took its certificate and went on. */
    public int handshakes() {
        return handshakes.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
