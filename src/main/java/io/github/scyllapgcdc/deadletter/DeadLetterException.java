package io.github.scyllapgcdc.deadletter;

import io.github.scyllapgcdc.fault.ClassifiedError;
import io.github.scyllapgcdc.fault.ErrorClass;

/** Dead letters could not be written, so that what they are about must not be passed over yet: try again. */
public final class DeadLetterException extends RuntimeException implements ClassifiedError {
    private static final long serialVersionUID = 1L;

    public DeadLetterException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public ErrorClass errorClass() {
        return ErrorClass.RETRY;
    }
}
