package io.github.scyllapgcdc.dev;

/** A server of the embedded stack could not be had or started; the message names it and says where to look. */
public final class StackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StackException(String message) {
        super(message);
    }

    public StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
