package io.github.scyllapgcdc.schema;

import java.util.Objects;

/**
 * What Postgres holds where no event of the column's type could have put it: something else wrote it. It equals no event's
 * value but one that {@link ValuePolicy#infinity} makes the same of.
 *
 * @param text the value for people
 */
public record UnlikeValue(String text) {
    public UnlikeValue {
        Objects.requireNonNull(text, "text");
    }

    @Override
    public String toString() {
        return text;
    }
}
