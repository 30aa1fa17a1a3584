package io.github.scyllapgcdc.deadletter;

/** A dead letter can't be replayed in the way that was asked for; the message says why. */
public final class ReplayRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ReplayRefusedException(String message) {
        super(message);
    }

    public ReplayRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
