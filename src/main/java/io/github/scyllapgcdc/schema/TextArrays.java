package io.github.scyllapgcdc.schema;

import java.util.List;
import java.util.function.Function;

/** Arrays as Postgres' own literals. */
public final class TextArrays {
    private TextArrays() {}

    /** The literal of some texts. */
    public static String literal(List<String> elements) {
        return literal(elements, String.class::cast);
    }

    /** The literal of elements that are given as text by a function. */
    static String literal(List<?> elements, Function<Object, String> text) {
        StringBuilder literal = new StringBuilder("{");
        for (Object element : elements) {
            if (literal.length() > 1) {
                literal.append(',');
            }
            if (element == null) {
                literal.append("NULL");
            } else {
                String escaped = text.apply(element).replace("\\", "\\\\").replace("\"", "\\\"");
                literal.append('"').append(escaped).append('"');
            }
        }
        return literal.append('}').toString();
    }
}
