package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.fault.ClassifiedError;
import io.github.scyllapgcdc.fault.ErrorClass;

/** The batch is not what comes next for its partitions: the consumer must connect again and seek to the stored offsets. */
public final class ResumeException extends RuntimeException implements ClassifiedError {
    private static final long serialVersionUID = 1L;

    public ResumeException(String message) {
        super(message);
    }

    @Override
    public ErrorClass errorClass() {
        return ErrorClass.RETRY;
    }
}
