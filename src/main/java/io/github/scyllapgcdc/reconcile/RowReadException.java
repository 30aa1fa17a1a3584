package io.github.scyllapgcdc.reconcile;

/** A side that could not be read; reading it again may help. */
public final class RowReadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RowReadException(String message, Throwable cause) {
        super(message, cause);
    }
}
