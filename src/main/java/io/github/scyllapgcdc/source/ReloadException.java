package io.github.scyllapgcdc.source;

/** The table has to be loaded again, as after a loss where the route says so. The message says why. */
final class ReloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReloadException(String message) {
        super(message);
    }
}
