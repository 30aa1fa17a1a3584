package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.source.log.LogPage;
import io.github.scyllapgcdc.source.log.LogQuery;
import io.github.scyllapgcdc.source.log.LogTime;
import io.github.scyllapgcdc.source.log.ReadUnit;
import io.github.scyllapgcdc.source.log.WindowReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a sample of the windows a second time when they are a minute old. A row more than the first time came later than the
 * confidence window allows for: it was missed, and the window is too short for this cluster. Belongs to the task's thread.
 */
final class LateRows {
    private static final Logger LOG = LoggerFactory.getLogger(LateRows.class);
    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(5);
    private static final Duration AGE = Duration.ofMinutes(1);
    private static final int MOST_ROWS = 10_000;

    private final SourceOptions options;
    private final LogQuery query;
    private final SourceStatus status;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private ReadUnit watched;
    private long rows;
    private long nextSampleNanos = System.nanoTime();

    /** What one query of a window gave. */
    private record Sample(ReadUnit unit, long until, long rows, long dueNanos) {}

    LateRows(SourceOptions options, LogQuery query, SourceStatus status) {
        this.options = options;
        this.query = query;
        this.status = status;
    }

    /** Before a window is read: picks what of it is counted, if it is time for a sample. */
    void windowBegins(List<ReadUnit> units) {
        watched = null;
        rows = 0;
        if (!units.isEmpty() && System.nanoTime() - nextSampleNanos >= 0) {
            watched = units.get(ThreadLocalRandom.current().nextInt(units.size()));
            nextSampleNanos = System.nanoTime() + BETWEEN_SAMPLES.toNanos();
        }
    }

    /** While it is read. */
    void page(ReadUnit unit, int rowsOfPage) {
        if (unit.equals(watched)) {
            rows += rowsOfPage;
        }
    }

    /** After it was read whole; looks again at one that has come of age. */
    void windowDone(long until) throws InterruptedException {
        long now = System.nanoTime();
        if (watched != null && rows <= MOST_ROWS) {
            samples.add(new Sample(watched, until, rows, now + AGE.toNanos()));
        }
        Sample oldest = samples.peek();
        if (oldest != null && now - oldest.dueNanos() >= 0) {
            samples.remove();
            lookAgain(oldest);
        }
    }

    private void lookAgain(Sample sample) throws InterruptedException {
        WindowReader reader = new WindowReader(query, List.of(sample.unit()), LogTime.from(sample.until()), 1);
        long found = 0;
        while (!reader.done()) {
            LogPage page = reader.next(Duration.ofSeconds(1));
            if (page != null) {
                found += page.size();
            }
        }
        if (found > sample.rows()) {
            status.late(found - sample.rows());
            LOG.error(
                    "table={} {} changes reached the CDC log later than the confidence window of {} ms and were missed; "
                            + "make source.confidence-window.ms larger, and reconcile",
                    options.table(),
                    found - sample.rows(),
                    options.confidenceWindow().toMillis());
        }
    }
}
