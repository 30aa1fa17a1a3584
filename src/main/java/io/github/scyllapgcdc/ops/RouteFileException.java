package io.github.scyllapgcdc.ops;

/** A route file cannot be loaded; the message starts with its place, such as {@code users.camel.yaml:12: }. */
public final class RouteFileException extends Exception {
    private static final long serialVersionUID = 1L;

    public RouteFileException(String file, int line, String message, Throwable cause) {
        super(file + (line > 0 ? ":" + line : "") + ": " + message, cause);
    }

    public RouteFileException(String file, int line, String message) {
        this(file, line, message, null);
    }
}
