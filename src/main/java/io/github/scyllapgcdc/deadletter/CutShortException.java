package io.github.scyllapgcdc.deadletter;

/** A server failed in the middle of a request. What was done before stays done, and the same request goes on with the rest. */
public final class CutShortException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String verb;
    private final int letters;

    /**
     * A request that was not brought to its end.
     *
     * @param verb what was done to the letters, as answers name it
     * @param letters how many it was done to before
     * @param cause the server's failure
     */
    CutShortException(String verb, int letters, RuntimeException cause) {
        super(letters + (letters == 1 ? " dead letter was " : " dead letters were ") + verb + " before", cause);
        this.verb = verb;
        this.letters = letters;
    }

    String verb() {
        return verb;
    }

    int letters() {
        return letters;
    }
}
