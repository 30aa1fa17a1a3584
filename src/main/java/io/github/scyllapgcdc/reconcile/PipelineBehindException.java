package io.github.scyllapgcdc.reconcile;

/** The pipeline did not pass the moment at which ScyllaDB was read, so nothing can be said of rows that are not equal. */
final class PipelineBehindException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PipelineBehindException(String message) {
        super(message);
    }
}
