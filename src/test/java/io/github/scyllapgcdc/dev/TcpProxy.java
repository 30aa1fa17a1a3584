package io.github.scyllapgcdc.dev;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network between a client and one server on this machine, which can fail in the ways that networks do. It listens on a free
 * loopback port and passes on what it gets, until told otherwise.
 */
public final class TcpProxy implements Closeable {
    private static final int CHUNK = 16 * 1024;
    private static final int NEVER = -1;

    private enum State {
        PASSING,
        /** Connections are accepted and stay open, and no byte goes either way. */
        FROZEN,
        REFUSING
    }

    private final InetSocketAddress target;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytesUntilCut = new AtomicLong(NEVER);
    private final AtomicInteger cuts = new AtomicInteger();
    private ServerSocket listener;
    private State state = State.PASSING;
    private volatile Duration delay = Duration.ZERO;
    private boolean closed;

    /** A network to a port of this machine. */
    public TcpProxy(int targetPort) throws IOException {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        port = listener.getLocalPort();
        listen();
    }

    /** Where clients connect to, on the loopback address. */
    public int port() {
        return port;
    }

    /** Passes on everything at once, also what was held back. */
    public void pass() throws IOException {
        delay = Duration.ZERO;
        bytesUntilCut.set(NEVER);
        if (enter(State.PASSING) == State.REFUSING) {
            ServerSocket again = new ServerSocket();
            again.setReuseAddress(true);
            again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listener = again;
            listen();
        }
    }

    /** Resets every connection there is; new ones are as before. */
    public void cut() {
        cuts.incrementAndGet();
        sockets.forEach(TcpProxy::reset);
    }

    /** Resets every connection and takes no new ones, as when the server's process is gone. */
    public void refuse() throws IOException {
        enter(State.REFUSING);
        listener.close();
        cut();
    }

    /** Half-open: connections stay and new ones are made, and nothing comes through, as when a cable is pulled. */
    public void freeze() {
        enter(State.FROZEN);
    }

    /** Holds back each piece of what is sent, either way. */
    public void slow(Duration each) {
        delay = each;
    }

    /** Resets all connections once after so many more bytes have come from the server. */
    public void cutAfter(long bytes) {
        bytesUntilCut.set(bytes);
    }

    /** How often connections were reset. */
    public int cuts() {
        return cuts.get();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        listener.close();
        sockets.forEach(TcpProxy::reset);
    }

    private synchronized State enter(State next) {
        State before = state;
        state = next;
        notifyAll();
        return before;
    }

    private synchronized void awaitThaw() throws InterruptedException {
        while (state == State.FROZEN && !closed) {
            wait();
        }
    }

    private void listen() {
        ServerSocket listening = listener;
        start("accept", () -> {
            while (!listening.isClosed()) {
                connect(listening.accept());
            }
        });
    }

    private void connect(Socket client) {
        sockets.add(client);
        start("connect", () -> {
            awaitThaw();
            Socket server = new Socket();
            sockets.add(server);
            try {
                server.connect(target);
            } catch (IOException e) {
                reset(client);
                throw e;
            }
            start("to-server", () -> pump(client, server, false));
            start("to-client", () -> pump(server, client, true));
        });
    }

    private void pump(Socket from, Socket to, boolean fromServer) throws IOException, InterruptedException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                awaitThaw();
                Thread.sleep(delay.toMillis());
                long left = fromServer ? leftBeforeCut(read) : NEVER;
                boolean last = left >= 0 && left <= read;
                out.write(chunk, 0, last ? (int) left : read);
                out.flush();
                if (last) {
                    cut();
                }
            }
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private long leftBeforeCut(int read) {
        return bytesUntilCut.getAndUpdate(left -> left > read ? left - read : NEVER);
    }

    /** Closes with RST, so that the other side meets an error and not an orderly end. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException alreadyClosed) {
            // what was wanted
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void start(String what, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // one side has gone, or the listener was closed: the other side is told by the sockets' close
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "proxy-" + port + '-' + what);
        thread.setDaemon(true);
        thread.start();
    }
}
