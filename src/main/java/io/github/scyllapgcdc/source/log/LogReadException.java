package io.github.scyllapgcdc.source.log;

/** A query of the log failed; the same query may succeed later. */
public final class LogReadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogReadException(Throwable cause) {
        super(cause);
    }
}
