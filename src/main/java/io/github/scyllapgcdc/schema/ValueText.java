package io.github.scyllapgcdc.schema;

import org.apache.avro.Schema;

/** Values as text for people. */
public final class ValueText {
    private static final JsonText JSON = new JsonText(ValuePolicy.STRICT);

    private ValueText() {}

    /** A value; null and {@link UnlikeValue} are, too. Scalars are plain, anything else is the JSON that {@code jsonb} has of it. */
    public static String of(Schema type, Object value) {
        return JSON.key(type, value);
    }
}
