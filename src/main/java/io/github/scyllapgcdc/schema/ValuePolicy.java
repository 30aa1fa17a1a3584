package io.github.scyllapgcdc.schema;

/**
 * What becomes of values outside a key that Postgres can't hold as they are. Whatever is not changed here is refused, and the
 * change is dead-lettered; a key is never changed.
 *
 * @param stripNul whether U+0000 is left out of text, rather than the text refused
 * @param infinity whether an instant or date that lies outside Postgres' range becomes {@code infinity} or {@code
 *     -infinity}, rather than refused
 */
public record ValuePolicy(boolean stripNul, boolean infinity) {
    /** Changes nothing. */
    public static final ValuePolicy STRICT = new ValuePolicy(false, false);
}
