package io.github.scyllapgcdc.deadletter;

/** Dead letters could not be written, so that what they are about must not be passed over yet: try again. */
public final class DeadLetterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeadLetterException(String message, Throwable cause) {
        super(message, cause);
    }
}
