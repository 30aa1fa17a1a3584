package io.github.scyllapgcdc.probe;

/** A table can't be probed, or a marker row did not arrive; the message says why. */
final class ProbeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProbeException(String message) {
        super(message);
    }

    ProbeException(String message, Throwable cause) {
        super(message, cause);
    }
}
