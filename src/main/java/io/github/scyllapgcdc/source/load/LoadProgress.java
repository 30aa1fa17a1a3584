package io.github.scyllapgcdc.source.load;

import java.time.Duration;
import java.util.Locale;

/**
 * How far a load has come, for people.
 *
 * @param reload whether it is one after a loss
 * @param rows loaded since this process took the load up
 * @param elapsed since then
 * @param ringBefore part of the task's share of the ring that was done then, from 0 to 1
 * @param ring part that is done now, from 0 to 1
 */
public record LoadProgress(boolean reload, long rows, Duration elapsed, double ringBefore, double ring) {

    /** Rows a second. */
    public long rowsPerSecond() {
        return Math.round(rows * 1000.0 / Math.max(1, elapsed.toMillis()));
    }

    /** The part of the ring that is done, percent. */
    public double percent() {
        return Math.round(ring * 1000) / 10.0;
    }

    /** What is left if it goes on as fast; -1 while that can't be told. Seconds. */
    public long secondsLeft() {
        double done = ring - ringBefore;
        return done <= 0 ? -1 : Math.round(elapsed.toMillis() / 1000.0 * (1 - ring) / done);
    }

    @Override
    public String toString() {
        long left = secondsLeft();
        return String.format(
                Locale.ROOT,
                "%s existing rows: %d rows, %d rows/s, %.1f %% of the ring, %s left",
                reload ? "loading again the" : "loading the",
                rows,
                rowsPerSecond(),
                percent(),
                left < 0 ? "unknown time" : left + " s");
    }
}
