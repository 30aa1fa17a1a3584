package io.github.scyllapgcdc.sink;

/** Nothing more of a table can be applied until a person has done what the message says. */
public final class TableStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TableStoppedException(String message) {
        super(message);
    }

    public TableStoppedException(String message, Throwable cause) {
        super(message, cause);
    }
}
