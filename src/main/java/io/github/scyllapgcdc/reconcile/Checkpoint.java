package io.github.scyllapgcdc.reconcile;

/**
 * A part of a run that is done.
 *
 * @param part what it is a part of
 * @param number which
 * @param rows how many rows it had
 * @param kept what to go on with, as the part has it
 */
@SuppressWarnings("ArrayRecordComponent") // written and read, never compared
record Checkpoint(Part part, long number, long rows, byte[] kept) {
    /** What runs are made of. */
    enum Part {
        /** How the ring is divided: by so many rows. */
        PLAN,
        /** A slice of the ring, read in ScyllaDB: its sums. */
        SCYLLA,
        /** The read of Postgres: up to where, and all sums. */
        POSTGRES,
        /** The comparison: how many buckets are done, and in which of them Postgres has more rows. */
        COMPARE,
        /** A stretch of the CDC log, or a slice of a sample. */
        LOOK
    }
}
