package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.fault.ClassifiedError;
import io.github.scyllapgcdc.fault.ErrorClass;

/** Nothing more of a table can be applied until a person has done what the message says. */
public final class TableStoppedException extends RuntimeException implements ClassifiedError {
    private static final long serialVersionUID = 1L;

    public TableStoppedException(String message) {
        super(message);
    }

    public TableStoppedException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public ErrorClass errorClass() {
        return ErrorClass.FATAL;
    }
}
