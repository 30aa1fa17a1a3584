package io.github.scyllapgcdc.registry;

import io.github.scyllapgcdc.fault.ClassifiedError;
import io.github.scyllapgcdc.fault.ErrorClass;

/** The schema registry did not do what was asked. */
public final class RegistryException extends RuntimeException implements ClassifiedError {
    private static final long serialVersionUID = 1L;

    /** What the failure means for the caller. */
    public enum Reason {
        /** Not reached, overloaded or failing: the same call may succeed later. */
        UNAVAILABLE,
        /** User name or password refused, or not allowed. */
        UNAUTHORIZED,
        /** No schema has the id. */
        UNKNOWN_ID,
        /** The schema breaks the subject's compatibility rule, or is no schema. */
        REJECTED
    }

    private final Reason reason;

    public RegistryException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Whether the same call may succeed later without anybody changing anything. */
    public boolean isRetryable() {
        return reason == Reason.UNAVAILABLE;
    }

    @Override
    public ErrorClass errorClass() {
        return switch (reason) {
            case UNAVAILABLE, UNAUTHORIZED -> ErrorClass.RETRY; // a password may be about to be changed
            case UNKNOWN_ID -> ErrorClass.POISON;
            case REJECTED -> ErrorClass.FATAL;
        };
    }
}
