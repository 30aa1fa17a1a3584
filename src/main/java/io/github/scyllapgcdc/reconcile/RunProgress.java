package io.github.scyllapgcdc.reconcile;

import java.util.concurrent.atomic.LongAdder;

/** How far a run is, for those who ask; and what it counted, for its record. May be used by several threads. */
final class RunProgress {
    private final LongAdder scylla = new LongAdder();
    private final LongAdder postgres = new LongAdder();
    private final LongAdder scyllaBefore = new LongAdder();
    private final LongAdder postgresBefore = new LongAdder();
    private final long begunNanos = System.nanoTime();
    private volatile RunStatus.Phase phase = RunStatus.Phase.STARTING;
    private volatile Counts counts;
    private volatile double done;
    private volatile double doneBefore = -1;

    /** Goes on from what a run counted before. */
    RunProgress(Counts counts) {
        this.counts = counts;
    }

    /** Rows that were read before this process took the run up. */
    void restored(long scyllaRows, long postgresRows) {
        scylla.add(scyllaRows);
        postgres.add(postgresRows);
        scyllaBefore.add(scyllaRows);
        postgresBefore.add(postgresRows);
    }

    void phase(RunStatus.Phase next) {
        phase = next;
    }

    RunStatus.Phase phase() {
        return phase;
    }

    void scyllaRows(long more) {
        scylla.add(more);
    }

    void postgresRows(long more) {
        postgres.add(more);
    }

    long scyllaRows() {
        return scylla.sum();
    }

    long postgresRows() {
        return postgres.sum();
    }

    synchronized void count(Counts more) {
        counts = counts.plus(more);
    }

    Counts counts() {
        return counts;
    }

    /** The part of the whole run that is done, from 0 to 1. */
    void done(double part) {
        if (doneBefore < 0) {
            doneBefore = part;
        }
        done = Math.min(1, part);
    }

    double done() {
        return done;
    }

    private double seconds() {
        return (System.nanoTime() - begunNanos) / 1e9;
    }

    /** Rows of the larger side a second. */
    long rowsPerSecond() {
        long rows = Math.max(scyllaRows() - scyllaBefore.sum(), postgresRows() - postgresBefore.sum());
        return Math.round(rows / Math.max(0.001, seconds()));
    }

    /** What is left if it goes on as fast; -1 while that can't be told. */
    long secondsLeft() {
        double here = done - Math.max(0, doneBefore);
        return here <= 0.01 ? -1 : Math.round(seconds() * (1 - done) / here);
    }
}
