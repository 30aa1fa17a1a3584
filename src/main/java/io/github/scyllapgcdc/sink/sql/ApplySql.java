package io.github.scyllapgcdc.sink.sql;

import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that apply a segment to a table. Each takes one array a column, so that the number of rows is bound by
 * nothing. The texts are made once a table and layout.
 *
 * <p>Parameters, in order: the key's columns, then the value columns, then (masked only) one {@code bigint[]} for each 64
 * value columns, whose bits say which to set, and a {@code smallint[]} of {@link io.github.scyllapgcdc.sink.fold.Outcome}
 * codes. The deletes take key columns alone.
 */
public final class ApplySql {
    private final String upsertAll;
    private final String masked;
    private final String deleteRows;
    private final String deletePartitions;

    public ApplySql(TableName table, Layout layout) {
        this.upsertAll = merge(table, layout, false);
        this.masked = merge(table, layout, true);
        this.deleteRows = delete(table, layout.key());
        this.deletePartitions = delete(table, layout.partitionKey());
    }

    /** For rows that all set every column. */
    public String upsertAll() {
        return upsertAll;
    }

    /** For any rows: each has its own outcome and its own columns. */
    public String masked() {
        return masked;
    }

    /** Deletes rows by their whole keys. */
    public String deleteRows() {
        return deleteRows;
    }

    /** Deletes all rows of partitions. */
    public String deletePartitions() {
        return deletePartitions;
    }

    /** How many masks the {@link #masked()} statement takes. */
    public static int maskWords(Layout layout) {
        return (layout.values().size() + Long.SIZE - 1) / Long.SIZE;
    }

    private static String merge(TableName table, Layout layout, boolean masked) {
        int words = masked ? maskWords(layout) : 0;
        List<String> arrays = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        addColumns("k", layout.key(), arrays, names, sources);
        addColumns("c", layout.values(), arrays, names, sources);
        for (int word = 0; word < words; word++) {
            addPlain("m" + word, "int8", arrays, names, sources);
        }
        if (masked) {
            addPlain("o", "int2", arrays, names, sources);
        }
        String target = Identifiers.list(layout.key(), ApplySql::quoted)
                + prefixed(", ", Identifiers.list(layout.values(), ApplySql::quoted));
        String inserted = names(layout.key().size(), "s.k")
                + prefixed(", ", names(layout.values().size(), "s.c"));
        StringBuilder sql = new StringBuilder("MERGE INTO ")
                .append(table.quoted())
                .append(" AS t\nUSING (SELECT ")
                .append(String.join(", ", sources))
                .append("\n  FROM unnest(")
                .append(String.join(", ", arrays))
                .append(")\n  AS u(")
                .append(String.join(", ", names))
                .append(")) AS s\nON ")
                .append(equal(layout.key()));
        if (masked) {
            sql.append("\nWHEN MATCHED AND s.o = 0 THEN DELETE");
        }
        sql.append("\nWHEN MATCHED THEN ").append(update(layout.values(), masked));
        sql.append("\nWHEN NOT MATCHED").append(masked ? " AND s.o >= 2" : "");
        return sql.append(" THEN INSERT (")
                .append(target)
                .append(") VALUES (")
                .append(inserted)
                .append(")")
                .toString();
    }

    private static String update(List<Column> values, boolean masked) {
        if (values.isEmpty()) {
            return "DO NOTHING";
        }
        return "UPDATE SET "
                + IntStream.range(0, values.size())
                        .mapToObj(i -> assignment(quoted(values.get(i)), i, masked))
                        .collect(Collectors.joining(", "));
    }

    private static String assignment(String column, int index, boolean masked) {
        if (!masked) {
            return column + " = s.c" + index;
        }
        String bit = (1L << (index % Long.SIZE)) == Long.MIN_VALUE
                ? "(-9223372036854775807 - 1)"
                : Long.toString(1L << (index % Long.SIZE));
        return column + " = CASE WHEN s.m" + index / Long.SIZE + " & " + bit + " <> 0 THEN s.c" + index + " ELSE t."
                + column + " END";
    }

    private static String delete(TableName table, List<Column> key) {
        List<String> arrays = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        addColumns("k", key, arrays, names, sources);
        return "DELETE FROM " + table.quoted() + " AS t\nUSING (SELECT " + String.join(", ", sources)
                + "\n  FROM unnest(" + String.join(", ", arrays) + ")\n  AS u(" + String.join(", ", names)
                + ")) AS s\nWHERE " + equal(key);
    }

    private static void addColumns(
            String prefix, List<Column> columns, List<String> arrays, List<String> names, List<String> sources) {
        for (int i = 0; i < columns.size(); i++) {
            String name = prefix + i;
            arrays.add("?::" + columns.get(i).type().element() + "[]");
            names.add(name);
            sources.add(columns.get(i).type().expression("u." + name) + " AS " + name);
        }
    }

    private static void addPlain(
            String name, String type, List<String> arrays, List<String> names, List<String> sources) {
        arrays.add("?::" + type + "[]");
        names.add(name);
        sources.add("u." + name);
    }

    private static String equal(List<Column> key) {
        return IntStream.range(0, key.size())
                .mapToObj(i -> "t." + quoted(key.get(i)) + " = s.k" + i)
                .collect(Collectors.joining(" AND "));
    }

    private static String names(int count, String prefix) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).collect(Collectors.joining(", "));
    }

    private static String prefixed(String prefix, String text) {
        return text.isEmpty() ? text : prefix + text;
    }

    private static String quoted(Column column) {
        return Identifiers.quote(column.name());
    }
}
