package io.github.scyllapgcdc.event;

import io.github.scyllapgcdc.fault.ClassifiedError;
import io.github.scyllapgcdc.fault.ErrorClass;

/** Bytes that are not an event, and never will be: garbage, a schema without the envelope's fields, an unknown operation. */
public final class EventFormatException extends RuntimeException implements ClassifiedError {
    private static final long serialVersionUID = 1L;

    public EventFormatException(String message) {
        super(message);
    }

    public EventFormatException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public ErrorClass errorClass() {
        return ErrorClass.POISON;
    }
}
