package io.github.scyllapgcdc.sink.sql;

import java.util.List;
import java.util.Map;

/** How a column that exists in Postgres relates to the type that events need. */
public enum TypeFit {
    /** It holds every value as it is. */
    HOLDS,
    /** It would after a change of its type that loses nothing. */
    WIDENS,
    /** It holds something else. */
    DIFFERS;

    private static final Map<String, List<String>> WIDER = Map.of(
            "smallint", List.of("integer", "bigint", "numeric"),
            "integer", List.of("bigint", "numeric"),
            "bigint", List.of("numeric"),
            "real", List.of("double precision"));

    /**
     * How an existing column's type relates to a needed one.
     *
     * @param existing the column's type as {@code format_type} writes it
     * @param needed the type's name in a column definition
     */
    public static TypeFit of(String existing, String needed) {
        if (existing.equals(needed) || wider(needed).contains(existing) || isAlias(existing, needed)) {
            return HOLDS;
        }
        boolean widens = wider(existing).contains(needed) || (needed.equals("text") && isVarchar(existing));
        return widens ? WIDENS : DIFFERS;
    }

    private static List<String> wider(String type) {
        return WIDER.getOrDefault(type, List.of());
    }

    /** Types that hold the same under another name; bigger precisions than Scylla's milliseconds included. */
    private static boolean isAlias(String existing, String needed) {
        return switch (needed) {
            case "text" -> existing.equals("character varying");
            case "timestamp with time zone" -> existing.matches("timestamp\\([3-6]\\) with time zone");
            case "time without time zone" -> existing.equals("time(6) without time zone");
            default -> false;
        };
    }

    private static boolean isVarchar(String existing) {
        return existing.startsWith("character varying(");
    }
}
