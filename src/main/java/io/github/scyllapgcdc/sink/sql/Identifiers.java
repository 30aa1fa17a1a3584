package io.github.scyllapgcdc.sink.sql;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Names in SQL. */
public final class Identifiers {
    /** Postgres cuts longer names off, in silence, so that two may become one. */
    public static final int MAX_BYTES = 63;

    private Identifiers() {}

    /** A name as SQL takes it literally. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Whether Postgres keeps a name as it is. */
    public static boolean fits(String name) {
        return !name.isEmpty() && name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    static <T> String list(Collection<T> items, Function<T, String> text) {
        return items.stream().map(text).collect(Collectors.joining(", "));
    }
}
