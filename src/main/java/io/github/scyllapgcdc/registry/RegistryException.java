package io.github.scyllapgcdc.registry;

/** The schema registry did not do what was asked. */
public final class RegistryException extends RuntimeException {
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
}
