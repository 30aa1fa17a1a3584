package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.HostPort;
import java.io.IOException;
import java.net.Socket;
import java.util.List;

/** Whether anything listens where a cluster is expected; clients of clusters only say that they found no node. */
final class Listening {
    private static final int TIMEOUT_MS = 3_000;

    private Listening() {}

    /**
     * Returns when one of the addresses accepts a connection.
     *
     * @throws IOException the last one's reason, if none does
     */
    static void requireOne(List<HostPort> addresses) throws IOException {
        IOException last = new IOException("no address");
        for (HostPort address : addresses) {
            try (Socket socket = new Socket()) {
                socket.connect(address.address(), TIMEOUT_MS);
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }
}
