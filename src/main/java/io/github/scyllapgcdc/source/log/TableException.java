package io.github.scyllapgcdc.source.log;

/** A table that can't be replicated as it is. The message is one line that names the table and the remedy. */
public final class TableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TableException(String message) {
        super(message);
    }
}
