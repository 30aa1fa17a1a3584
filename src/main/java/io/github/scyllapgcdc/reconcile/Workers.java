package io.github.scyllapgcdc.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run's threads. */
final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Duration END = Duration.ofSeconds(3);

    private final ExecutorService threads;
    private final StopRequest stop;

    Workers(int count, String name, StopRequest stop) {
        this.stop = stop;
        this.threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does all of it; the first failure ends the others and is thrown. */
    void all(List<? extends Callable<Void>> work) throws InterruptedException {
        StopRequest failed = new StopRequest();
        CompletionService<Void> done = new ExecutorCompletionService<>(threads);
        List<Callable<Void>> guarded = new ArrayList<>(work.size());
        work.forEach(task -> guarded.add(() -> {
            stop.check();
            failed.check();
            return task.call();
        }));
        guarded.forEach(done::submit);
        Throwable failure = null;
        for (int i = 0; i < guarded.size(); i++) {
            try {
                done.take().get();
            } catch (ExecutionException e) {
                if (failure == null) {
                    failure = e.getCause();
                    failed.give();
                }
            }
        }
        if (failure != null) {
            throw failure instanceof RuntimeException unchecked
                    ? unchecked
                    : new RowReadException(failure.getMessage(), failure);
        }
    }

    /** Ends the threads, and waits a little until they have let go of what they use. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("A thread of a reconciliation does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
