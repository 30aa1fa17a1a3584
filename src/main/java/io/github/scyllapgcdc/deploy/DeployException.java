package io.github.scyllapgcdc.deploy;

/** A table can't be deployed or removed as asked; nothing was changed. The message names the table or file, and the remedy. */
public final class DeployException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeployException(String message) {
        super(message);
    }

    DeployException(String message, Throwable cause) {
        super(message, cause);
    }
}
