package io.github.scyllapgcdc.source;

import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/** A batch is not known to be committed. What is in memory is worth nothing until the checkpoints are read back. */
final class BatchFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BatchFailedException(Exception cause) {
        super(cause);
    }

    /**
     * Whether a newer producer may have taken the transactional id. A broker that gave up on a transaction that took too long
     * answers the same, so who runs the task has to be looked up.
     */
    boolean mayBeFenced() {
        for (Throwable t = getCause(); t != null; t = t.getCause()) {
            if (t instanceof ProducerFencedException || t instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }
}
