package io.github.scyllapgcdc.ops;

/** A route file cannot be loaded; the message starts with its place, such as {@code users.camel.yaml:12: }. */
public final class RouteFileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean mayPass;

    public RouteFileException(String file, int line, String message, Throwable cause) {
        this(file, line, message, cause, false);
    }

    private RouteFileException(String file, int line, String message, Throwable cause, boolean mayPass) {
        super(file + (line > 0 ? ":" + line : "") + ": " + message, cause);
        this.mayPass = mayPass;
    }

    /** The file may be right, but a server that its routes need does not answer now. */
    static RouteFileException forNow(String file, String message, Throwable cause) {
        return new RouteFileException(file, 0, message + "; tried again", cause, true);
    }

    /** Whether the same file may be loaded later. */
    boolean mayPass() {
        return mayPass;
    }

    public RouteFileException(String file, int line, String message) {
        this(file, line, message, null);
    }
}
