package io.github.scyllapgcdc.sink.sql;

import static io.github.scyllapgcdc.sink.sql.ColumnSql.quoted;
import static io.github.scyllapgcdc.sink.sql.ColumnSql.sameKey;
import static io.github.scyllapgcdc.sink.sql.ColumnSql.words;

import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.Layout;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that apply a segment to one table. Each takes one array a column, so its size does not depend on how many
 * rows there are, and none is too wide.
 *
 * <p>Parameters of the merges: the key's columns, the value columns, then (masked) one {@code bigint[]} for each 64 value
 * columns, whose bits say which to set, and a {@code smallint[]} of {@link io.github.scyllapgcdc.sink.fold.Outcome} codes,
 * then (partial) the removed elements of the columns that can be written in part, and one more {@code bigint[]} for each 64
 * value columns, whose bits say which are. The deletes take key columns alone, ranges see {@link RangeSql}.
 */
public final class ApplySql {
    private final String upsertAll;
    private final String masked;
    private final String partial;
    private final String deleteRows;
    private final String deletePartitions;
    private final String deleteRanges;
    private final String emptyRows;
    private final StaticSql statics;
    private final String expiry;

    public ApplySql(TableName table, Layout layout) {
        this.upsertAll = merge(table, layout, false, false);
        this.masked = merge(table, layout, true, false);
        this.partial = merge(table, layout, true, true);
        this.deleteRows = delete(table, layout.key());
        this.deletePartitions = delete(table, layout.partitionKey());
        this.deleteRanges = RangeSql.delete(table, layout);
        this.emptyRows = emptyRows(table, layout);
        this.statics = new StaticSql(table, layout);
        this.expiry = ExpirySql.remember(layout.key());
    }

    /** For rows that all set every column. */
    public String upsertAll() {
        return upsertAll;
    }

    /** For rows with outcomes and columns of their own, each column written whole. */
    public String masked() {
        return masked;
    }

    /** For any rows. */
    public String partial() {
        return partial;
    }

    /** Deletes rows by their whole keys. */
    public String deleteRows() {
        return deleteRows;
    }

    /** Deletes all rows of partitions. */
    public String deletePartitions() {
        return deletePartitions;
    }

    /** Deletes the rows of ranges. */
    public String deleteRanges() {
        return deleteRanges;
    }

    /** The numbers, from 1, of those of some keys whose row is there and has nothing but nulls in its own columns. */
    public String emptyRows() {
        return emptyRows;
    }

    /** For static columns. */
    public StaticSql statics() {
        return statics;
    }

    /** Remembers when what was written expires, see {@link ExpirySql}. */
    public String expiry() {
        return expiry;
    }

    /** How many masks some columns need. */
    public static int maskWords(List<Column> columns) {
        return words(columns);
    }

    private static String merge(TableName table, Layout layout, boolean masked, boolean partial) {
        List<Column> values = layout.values();
        RowArrays rows = new RowArrays().columns("k", layout.key()).columns("c", values);
        if (masked) {
            rows.masks("m", words(values)).plain("o", "int2");
        }
        if (partial) {
            rows.removed("r", values).masks("p", words(values));
        }
        String target = Identifiers.list(layout.key(), ColumnSql::quoted)
                + prefixed(", ", Identifiers.list(values, ColumnSql::quoted));
        String inserted = names(layout.key().size(), "s.k") + prefixed(", ", names(values.size(), "s.c"));
        StringBuilder sql = new StringBuilder("MERGE INTO ")
                .append(table.quoted())
                .append(" AS t\nUSING ")
                .append(rows)
                .append("\nON ")
                .append(sameKey(layout.key()));
        if (masked) {
            sql.append("\nWHEN MATCHED AND s.o = 0 THEN DELETE");
        }
        sql.append("\nWHEN MATCHED THEN ").append(update(values, masked, partial));
        sql.append("\nWHEN NOT MATCHED").append(masked ? " AND s.o >= 2" : "");
        return sql.append(" THEN INSERT (")
                .append(target)
                .append(") VALUES (")
                .append(inserted)
                .append(")")
                .toString();
    }

    private static String update(List<Column> values, boolean masked, boolean partial) {
        if (values.isEmpty()) {
            return "DO NOTHING";
        }
        return "UPDATE SET "
                + IntStream.range(0, values.size())
                        .mapToObj(i -> {
                            String column = quoted(values.get(i));
                            return column + " = "
                                    + (masked
                                            ? ColumnSql.changed(values.get(i), i, "t." + column, partial)
                                            : "s.c" + i);
                        })
                        .collect(Collectors.joining(", "));
    }

    private static String delete(TableName table, List<Column> key) {
        return "DELETE FROM " + table.quoted() + " AS t\nUSING " + new RowArrays().columns("k", key) + "\nWHERE "
                + sameKey(key);
    }

    private static String emptyRows(TableName table, Layout layout) {
        String nulls = layout.values().stream()
                .map(column -> " AND t." + quoted(column) + " IS NULL")
                .collect(Collectors.joining());
        return "SELECT s.n FROM " + new RowArrays().columns("k", layout.key()).numbered("n") + "\nJOIN "
                + table.quoted() + " AS t ON " + sameKey(layout.key()) + nulls;
    }

    private static String names(int count, String prefix) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).collect(Collectors.joining(", "));
    }

    private static String prefixed(String prefix, String text) {
        return text.isEmpty() ? text : prefix + text;
    }
}
