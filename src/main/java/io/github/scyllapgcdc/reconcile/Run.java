package io.github.scyllapgcdc.reconcile;

import java.time.Instant;

/**
 * A run as it is on record.
 *
 * @param request what it is to do, under the run's id
 * @param layout the columns that are compared; a run whose table changed since is not taken up again
 * @param resumed whether it was taken up again
 */
record Run(ReconcileRequest request, String layout, Instant startedAt, boolean resumed) {

    /** The same run, taken up again, to repair what is asked for now. */
    Run takenUp(ReconcileRequest now) {
        ReconcileRequest goesOn = new ReconcileRequest(
                request.id(),
                request.table(),
                request.mode(),
                request.since(),
                request.percent(),
                now.repair(),
                now.deleteExtra(),
                now.dryRun(),
                false);
        return new Run(goesOn, layout, startedAt, true);
    }

    RunStatus status(
            RunStatus.State state, RunStatus.Phase phase, Instant finishedAt, RunProgress progress, String error) {
        Counts counts = progress.counts();
        boolean running = state == RunStatus.State.RUNNING;
        return new RunStatus(
                request.id(),
                request.table().toString(),
                request.mode(),
                state,
                phase,
                startedAt,
                finishedAt,
                progress.scyllaRows(),
                progress.postgresRows(),
                running ? progress.done() : 1,
                progress.rowsPerSecond(),
                running ? progress.secondsLeft() : 0,
                counts.missing(),
                counts.mismatch(),
                counts.extra(),
                counts.undetermined(),
                counts.repaired(),
                counts.left(),
                error,
                resumed);
    }
}
