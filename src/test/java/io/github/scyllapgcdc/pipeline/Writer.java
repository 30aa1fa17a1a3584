package io.github.scyllapgcdc.pipeline;

import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Inserts rows into a counted table, some hundred a second, until it is told to stop. */
final class Writer implements AutoCloseable {
    private static final int AT_ONCE = 50;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicLong rows = new AtomicLong();
    private final CompletableFuture<Void> writing;

    Writer(PipelineFixture fixture, TableId table) {
        writing = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                fixture.insert(table, rows.get(), rows.get() + AT_ONCE);
                rows.addAndGet(AT_ONCE);
                pause();
            }
        });
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many rows there are by now. */
    long rows() {
        return rows.get();
    }

    /** Stops; answers how many rows there are. */
    long stop() {
        enough.set(true);
        writing.join();
        return rows.get();
    }

    @Override
    public void close() {
        enough.set(true);
    }
}
