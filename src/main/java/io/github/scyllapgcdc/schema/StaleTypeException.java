package io.github.scyllapgcdc.schema;

/** A value has more fields than its type as known: the type was altered and its new definition has not come through. */
public final class StaleTypeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StaleTypeException(String message) {
        super(message);
    }
}
