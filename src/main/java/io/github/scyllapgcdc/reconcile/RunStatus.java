package io.github.scyllapgcdc.reconcile;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * A run as it stands, or as it ended.
 *
 * @param id names it
 * @param table {@code <keyspace>.<table>}
 * @param state how it is
 * @param phase what it is doing, or was doing when it ended
 * @param startedAt its beginning, also if it was taken up again since
 * @param finishedAt null while it runs
 * @param scyllaRows rows of ScyllaDB that were compared so far
 * @param postgresRows rows of Postgres that were compared so far
 * @param progress the part that is done, from 0 to 1, by the amount read
 * @param rowsPerSecond rows of the larger side a second, since this process began with it or took it up again
 * @param secondsLeft as long as it goes on like that; -1 if not known
 * @param missing differences found, by their type; those that were repaired by now included
 * @param undetermined rows that changed each time they were looked at, so that nothing can be said of them
 * @param repaired differences that were found equal again by the run itself
 * @param left differences that are left
 * @param error why it failed; null if it did not
 * @param resumed whether it was taken up again after its process had ended
 */
public record RunStatus(
        UUID id,
        String table,
        Mode mode,
        State state,
        Phase phase,
        Instant startedAt,
        Instant finishedAt,
        long scyllaRows,
        long postgresRows,
        double progress,
        long rowsPerSecond,
        long secondsLeft,
        long missing,
        long mismatch,
        long extra,
        long undetermined,
        long repaired,
        long left,
        String error,
        boolean resumed) {

    /** On record as running, though its process is gone. */
    RunStatus cutShort() {
        return new RunStatus(
                id,
                table,
                mode,
                State.STOPPED,
                phase,
                startedAt,
                finishedAt,
                scyllaRows,
                postgresRows,
                progress,
                rowsPerSecond,
                -1,
                missing,
                mismatch,
                extra,
                undetermined,
                repaired,
                left,
                "its process ended; run it again, and it goes on from there",
                resumed);
    }

    /** How a run is. */
    public enum State {
        RUNNING,
        /** It ended and no difference is left. */
        EQUAL,
        /** It ended and differences are left. */
        DIFFERENT,
        FAILED,
        /** Somebody stopped it; it can be taken up again. */
        STOPPED;

        /** As users and tables write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a run is doing. */
    public enum Phase {
        STARTING,
        READING_SCYLLA,
        READING_POSTGRES,
        COMPARING,
        REPAIRING,
        DONE;

        /** As users and tables write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
