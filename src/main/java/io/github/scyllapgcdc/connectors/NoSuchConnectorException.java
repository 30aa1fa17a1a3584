package io.github.scyllapgcdc.connectors;

/** There is no connector, or no task of it, of a name that was given; the message has both, and the names that there are. */
public final class NoSuchConnectorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSuchConnectorException(String message) {
        super(message);
    }
}
