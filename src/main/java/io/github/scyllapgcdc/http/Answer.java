package io.github.scyllapgcdc.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param code the HTTP status
 * @param body becomes JSON
 */
public record Answer(int code, Map<String, Object> body) {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;

    public static Answer ok(Map<String, Object> body) {
        return new Answer(OK, body);
    }

    /** It is begun, and goes on. */
    public static Answer accepted(Map<String, Object> body) {
        return new Answer(ACCEPTED, body);
    }

    /** It was done in part. */
    public static Answer conflict(Map<String, Object> body) {
        return new Answer(CONFLICT, body);
    }

    /** The request is wrong. */
    public static Answer badRequest(String error) {
        return failed(BAD_REQUEST, error);
    }

    /** What it names is not there. */
    public static Answer notFound(String error) {
        return failed(NOT_FOUND, error);
    }

    /** It is not possible as things are. */
    public static Answer conflict(String error) {
        return failed(CONFLICT, error);
    }

    /** A server is away. */
    public static Answer unavailable(String error) {
        return failed(UNAVAILABLE, error);
    }

    /** A server went away in the middle. */
    public static Answer unavailable(String error, Map<String, Object> done) {
        Map<String, Object> body = new LinkedHashMap<>(done);
        body.put("error", error);
        return new Answer(UNAVAILABLE, body);
    }

    private static Answer failed(int code, String error) {
        return new Answer(code, Map.of("error", error));
    }
}
