package io.github.scyllapgcdc.reconcile;

/** A run that can't be begun as things are, in one line for people, with what to do. */
public final class RunRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunRefusedException(String message) {
        super(message);
    }

    public RunRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
