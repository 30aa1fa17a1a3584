package io.github.scyllapgcdc.connect;

/** A request that is refused, with the HTTP status that Connect would refuse it with. */
final class ConnectException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;

    private final int code;

    ConnectException(int code, String message) {
        super(message);
        this.code = code;
    }

    static ConnectException badRequest(String message) {
        return new ConnectException(BAD_REQUEST, message);
    }

    static ConnectException conflict(String message) {
        return new ConnectException(CONFLICT, message);
    }

    int code() {
        return code;
    }
}
