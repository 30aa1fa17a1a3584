package io.github.scyllapgcdc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Bounds a stop by SIGTERM or Ctrl-C: Camel stops the routes gracefully, and whatever has not ended after {@link
 * #LIMIT} is ended hard, which exactly-once delivery survives. A second signal ends it at once. A process that only waits
 * for a server stops at once anyway. The exit code is 0 after an orderly stop, and 143 after a hard end.
 */
final class ShutdownGuard {
    static final Duration LIMIT = Duration.ofSeconds(18);
    /** 128 + SIGTERM, what a shell reports for a process ended so. */
    private static final int TERMINATED = 143;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Set<String> signalled = ConcurrentHashMap.newKeySet();

    private ShutdownGuard() {}

    static ShutdownGuard install() {
        ShutdownGuard guard = new ShutdownGuard();
        Runtime.getRuntime().addShutdownHook(new Thread(guard.stopping::countDown, "shutdown-guard"));
        Thread watchdog = new Thread(guard::watch, "shutdown-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        guard.take("TERM");
        guard.take("INT");
        return guard;
    }

    /** Whether the process has been asked to stop. */
    boolean stopping() {
        return stopping.getCount() == 0;
    }

    private void watch() {
        try {
            stopping.await();
            TimeUnit.NANOSECONDS.sleep(LIMIT.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(TERMINATED);
    }

    /**
     * Takes a signal from the JVM, which passes over every one that comes while it stops. One that whoever started the process
     * wants ignored stays ignored. Reflection, since the compiler takes {@code sun.misc} for an error.
     */
    private void take(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object which = signal.getConstructor(String.class).newInstance(name);
            Object ours = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
                        if (!method.getName().equals("handle")) {
                            return method.invoke(this, args);
                        }
                        signalled(name);
                        return null;
                    });
            Object before = signal.getMethod("handle", signal, handler).invoke(null, which, ours);
            if (before == handler.getField("SIG_IGN").get(null)) {
                signal.getMethod("handle", signal, handler).invoke(null, which, before);
            }
        } catch (InvocationTargetException e) { // java -Xrs: signals are none of this JVM's business
            logger().debug("SIG{} is left as it is", name, e.getCause());
        } catch (ReflectiveOperationException e) {
            logger().debug("SIG{} is left as it is", name, e);
        }
    }

    /**
     * Runs in a thread of the JVM's own for each signal, so it may wait for the shutdown hooks. One of the other kind is no second
     * one: after Ctrl-C comes a SIGTERM of whoever started the process.
     */
    private void signalled(String name) {
        boolean first = signalled.isEmpty();
        if (!signalled.add(name)) {
            Runtime.getRuntime().halt(TERMINATED);
        }
        if (first) {
            System.exit(0);
        }
    }

    private static org.slf4j.Logger logger() {
        return LoggerFactory.getLogger(ShutdownGuard.class);
    }
}
