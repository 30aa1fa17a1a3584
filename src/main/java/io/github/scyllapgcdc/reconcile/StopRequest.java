package io.github.scyllapgcdc.reconcile;

/** Whether a run is to stop. Set by any thread, asked by those that work for the run. */
final class StopRequest {
    private volatile RuntimeException given;

    /** Asks to stop where it is. */
    void give() {
        give(new StoppedException());
    }

    /** Asks to stop because of a failure; the first that is given counts. */
    synchronized void give(RuntimeException why) {
        if (given == null) {
            given = why;
        }
    }

    /** @throws RuntimeException what was given: {@link StoppedException}, or a failure */
    void check() {
        RuntimeException why = given;
        if (why != null) {
            throw why;
        }
    }

    /** The run was asked to stop. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("stopped; run it again, and it goes on from here");
        }
    }
}
