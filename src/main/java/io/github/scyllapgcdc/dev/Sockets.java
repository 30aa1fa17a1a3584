package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Asks cheaply whether anything listens, before a client that would log each refused connection is tried. */
final class Sockets {
    private static final int TIMEOUT_MS = 1000;

    private Sockets() {}

    /** Returns when a connection to this loopback port is accepted. */
    static void connect(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
        }
    }
}
