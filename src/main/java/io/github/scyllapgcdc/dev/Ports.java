package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The loopback ports of one stack. A port that served before is taken again when it is free, so that addresses survive
 * a restart; else the well-known one; else any free one.
 */
final class Ports {
    // Below the range that operating systems hand out to clients: a server that restarts finds its port free again
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;

    private final PropertiesFile file;
    private final boolean wellKnown;
    private final Set<Integer> given = new HashSet<>();

    /**
     * @param wellKnown whether to try the ports that people know before any other; not where several stacks may start
     *     at once
     */
    Ports(Path file, boolean wellKnown) {
        this.file = new PropertiesFile(file);
        this.wellKnown = wellKnown;
    }

    /** A free port for this purpose, remembered for the next start. */
    synchronized int claim(String purpose, int preferred) {
        int remembered = Integer.parseInt(file.get(purpose).orElse("0"));
        int port;
        if (remembered > 0 && isFree(remembered)) {
            port = remembered;
        } else if (wellKnown && isFree(preferred)) {
            port = preferred;
        } else {
            port = any();
        }
        given.add(port);
        file.put(purpose, Integer.toString(port));
        return port;
    }

    private int any() {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new StackException("No free port between " + LOWEST + " and " + HIGHEST + " on 127.0.0.1");
    }

    private boolean isFree(int port) {
        return !given.contains(port)
                && canBind(new InetSocketAddress(port))
                && canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static boolean canBind(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            try {
                socket.bind(address);
                return true;
            } catch (IOException taken) {
                return false;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
