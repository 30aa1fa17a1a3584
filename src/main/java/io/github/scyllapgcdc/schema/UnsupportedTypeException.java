package io.github.scyllapgcdc.schema;

/** A column's type has no counterpart on the other side. */
public final class UnsupportedTypeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedTypeException(String message) {
        super(message);
    }
}
