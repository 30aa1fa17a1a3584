package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for servers that are down, all at once and for as long as it takes, and says every few seconds what it waits for
 * and why.
 */
public final class ServerWait {
    private static final Logger LOG = LoggerFactory.getLogger(ServerWait.class);

    private final BooleanSupplier stopping;
    private final Duration pause;
    private final Duration reportEvery;

    /** @param stopping tells when to give up */
    public ServerWait(BooleanSupplier stopping) {
        this(stopping, Duration.ofMillis(500), Duration.ofSeconds(5));
    }

    ServerWait(BooleanSupplier stopping, Duration pause, Duration reportEvery) {
        this.stopping = stopping;
        this.pause = pause;
        this.reportEvery = reportEvery;
    }

    /**
     * Returns when each server answered once.
     *
     * @return false if the process was asked to stop before that
     * @throws ConfigurationException as soon as one of them refuses for a reason that waiting cannot help
     */
    public boolean await(List<Server> servers) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, servers.size()), task -> {
            Thread thread = new Thread(task, "server-wait");
            thread.setDaemon(true);
            return thread;
        });
        try {
            // In the order of their ends, so that a refusal is not kept behind a server that is still waited for
            CompletionService<Boolean> waits = new ExecutorCompletionService<>(threads);
            for (Server server : servers) {
                waits.submit(() -> await(server));
            }
            boolean all = true;
            for (int done = 0; done < servers.size(); done++) {
                all &= waits.take().get();
            }
            return all;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ConfigurationException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean await(Server server) throws InterruptedException {
        long start = System.nanoTime();
        long lastReport = 0;
        while (!stopping.getAsBoolean()) {
            try {
                server.firstContact().run();
                long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
                LOG.info("{} at {} answered after {} ms", server.name(), server.address(), millis);
                return true;
            } catch (ConfigurationException e) {
                throw e;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                long waited = System.nanoTime() - start;
                if (lastReport == 0 || waited - lastReport >= reportEvery.toNanos()) {
                    lastReport = Math.max(1, waited);
                    LOG.warn(
                            "waiting for {} at {} ({}): {}, {} s",
                            server.name(),
                            server.address(),
                            server.property(),
                            Failures.line(e),
                            Duration.ofNanos(waited).toSeconds());
                }
            }
            Thread.sleep(pause.toMillis());
        }
        return false;
    }
}
