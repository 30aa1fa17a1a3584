package io.github.scyllapgcdc.cli;

/** A command could not do what was asked; the message is the one line that the user reads. */
final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CliException(String message) {
        super(message);
    }

    CliException(String message, Throwable cause) {
        super(message, cause);
    }
}
