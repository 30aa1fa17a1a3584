package io.github.scyllapgcdc.event;

import java.util.Locale;

/**
 * The name of a replicated table: a namespace (Scylla's keyspace) and the table in it, both as the database stores them, so
 * case matters.
 */
public record TableId(String keyspace, String name) {

    public TableId {
        requirePart(keyspace, keyspace, name);
        requirePart(name, keyspace, name);
    }

    /**
     * Reads {@code keyspace.table}.
     *
     * @throws IllegalArgumentException if the text is not two names of letters, digits and underscores with a dot between
     */
    public static TableId parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw invalid(text);
        }
        return new TableId(text.substring(0, dot), text.substring(dot + 1));
    }

    /** The Kafka topic that carries the table's changes, which is also what its schema subjects start with. */
    public String topic() {
        return keyspace + '.' + name;
    }

    @Override
    public String toString() {
        return topic();
    }

    /** Scylla allows only word characters in names of keyspaces and tables, quoted ones included. */
    private static void requirePart(String part, String keyspace, String name) {
        if (part.isEmpty() || !part.chars().allMatch(TableId::isWordCharacter)) {
            throw invalid(keyspace + '.' + name);
        }
    }

    private static boolean isWordCharacter(int c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException(String.format(
                Locale.ROOT,
                "\"%s\" is not a table: write <keyspace>.<table>, letters, digits and underscores only",
                text));
    }
}
