package io.github.scyllapgcdc.source;

/** Changes were lost, and the route says to load the table again. The message says what was lost. */
final class ReloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReloadException(String message) {
        super(message);
    }
}
