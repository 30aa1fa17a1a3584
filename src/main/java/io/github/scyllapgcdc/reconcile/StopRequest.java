package io.github.scyllapgcdc.reconcile;

/** Whether a run is to stop. Set by any thread, asked by those that work for the run. */
final class StopRequest {
    private volatile boolean given;

    void give() {
        given = true;
    }

    /** @throws StoppedException if it is */
    void check() {
        if (given) {
            throw new StoppedException();
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
