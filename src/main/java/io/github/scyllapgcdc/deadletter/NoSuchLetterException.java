package io.github.scyllapgcdc.deadletter;

/** There is no dead letter with the id that was named. */
public final class NoSuchLetterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSuchLetterException(String id) {
        super("there is no dead letter \"" + id + "\": ./cdc dlq list has those there are");
    }
}
