package io.github.scyllapgcdc.metrics;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import java.util.Arrays;

/** What becomes of one topic's part of a batch, until its transaction is committed. Belongs to one thread. */
public final class AppliedChanges {
    private final Tally tally = new Tally();
    private long[] writtenMicros = new long[64];
    private int written;
    private long records;
    private long repeated;
    private long poison;
    private long foldNanos;
    private long applyNanos;

    /**
     * One more change is in the table.
     *
     * @param bytes of the record's key and value
     */
    public void applied(ChangeEvent event, long bytes) {
        records++;
        tally.add(event.op(), bytes);
        // a row that was loaded may have been written years ago
        if (event.op() != Operation.READ && event.source() != null) {
            if (written == writtenMicros.length) {
                writtenMicros = Arrays.copyOf(writtenMicros, 2 * written);
            }
            writtenMicros[written++] = event.source().tsMicros();
        }
    }

    /** One more record was there already. */
    public void repeated() {
        records++;
        repeated++;
    }

    /** One more record can never be applied. */
    public void poison() {
        records++;
        poison++;
    }

    /** Time that decoding and folding took. */
    public void folded(long nanos) {
        foldNanos += nanos;
    }

    /** Time that statements took. */
    public void wrote(long nanos) {
        applyNanos += nanos;
    }

    Tally tally() {
        return tally;
    }

    long records() {
        return records;
    }

    /** How many changes are in the table now. */
    long applied() {
        return records - repeated - poison;
    }

    long repeatedRecords() {
        return repeated;
    }

    long poisonRecords() {
        return poison;
    }

    long foldNanos() {
        return foldNanos;
    }

    long applyNanos() {
        return applyNanos;
    }

    /** When the changes were written that have such a time, microseconds since 1970; in no particular order. */
    long[] writtenMicros() {
        return Arrays.copyOf(writtenMicros, written);
    }
}
