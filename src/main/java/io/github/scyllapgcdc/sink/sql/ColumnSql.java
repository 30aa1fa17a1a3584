package io.github.scyllapgcdc.sink.sql;

import io.github.scyllapgcdc.schema.ElementSql;
import io.github.scyllapgcdc.sink.fold.Column;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** SQL about one column of the rows {@code s}: keys are {@code k0}, {@code k1} …, values {@code c0}, {@code c1} … */
final class ColumnSql {
    private ColumnSql() {}

    static String quoted(Column column) {
        return Identifiers.quote(column.name());
    }

    /** Whether a row of the table {@code t} has the key of one of {@code s}. */
    static String sameKey(List<Column> key) {
        return IntStream.range(0, key.size())
                .mapToObj(i -> "t." + quoted(key.get(i)) + " = s.k" + i)
                .collect(Collectors.joining(" AND "));
    }

    /** A key as the text that {@code cdc_metadata} keeps it by. */
    static String keyText(List<Column> key) {
        return IntStream.range(0, key.size())
                .mapToObj(i -> "s.k" + i + "::text")
                .collect(Collectors.joining(", ", "ARRAY[", "]"));
    }

    /**
     * The value of a column after the change.
     *
     * @param before an expression for the value there is
     * @param partial whether the statement has rows of which only elements of columns change
     */
    static String changed(Column column, int index, String before, boolean partial) {
        ElementSql elements = column.elementSql();
        String value = "s.c" + index;
        if (partial && elements != null) {
            value = "CASE WHEN " + bit("p", index) + " THEN " + elements.function() + "(" + before + ", s.c" + index
                    + ", s.r" + index + ") ELSE s.c" + index + " END";
        }
        return "CASE WHEN " + bit("m", index) + " THEN " + value + " ELSE " + before + " END";
    }

    /** Whether the bit of a column is set in masks of 64 bits each. */
    private static String bit(String mask, int index) {
        String bit = (1L << (index % Long.SIZE)) == Long.MIN_VALUE
                ? "(-9223372036854775807 - 1)"
                : Long.toString(1L << (index % Long.SIZE));
        return "s." + mask + index / Long.SIZE + " & " + bit + " <> 0";
    }

    /** How many masks columns need. */
    static int words(List<Column> columns) {
        return (columns.size() + Long.SIZE - 1) / Long.SIZE;
    }
}
