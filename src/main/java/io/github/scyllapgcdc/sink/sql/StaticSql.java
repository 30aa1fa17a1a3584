package io.github.scyllapgcdc.sink.sql;

import static io.github.scyllapgcdc.sink.sql.ColumnSql.quoted;

import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.Layout;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements for static columns, whose value all rows of a partition share. {@code cdc_metadata.static_values} keeps the
 * values of each partition as Postgres' own text, for rows that come later.
 */
public final class StaticSql {
    private final String remember;
    private final String forget;
    private final String spread;
    private final String spreadRows;
    private final String expiry;

    StaticSql(TableName table, Layout layout) {
        boolean any = !layout.statics().isEmpty();
        this.remember = any ? remember(layout) : null;
        this.forget = forget(layout);
        this.spread = any ? spread(table, layout, layout.partitionKey()) : null;
        this.spreadRows = any ? spread(table, layout, layout.key()) : null;
        this.expiry = ExpirySql.remember(layout.partitionKey());
    }

    /**
     * Changes the values that are kept. Parameters: the table's name, the partition key's columns, the static columns, masks of those that are set, the removed
     * elements, masks of those that are written in part; as {@link ApplySql#partial()} without outcomes.
     */
    public String remember() {
        return remember;
    }

    /** Drops what is kept of deleted partitions. Parameters: the partition key's columns, the table's name. */
    public String forget() {
        return forget;
    }

    /** Gives all rows of partitions the values that are kept of them. Parameters as of {@link #forget()}. */
    public String spread() {
        return spread;
    }

    /** Gives some rows the values that are kept of their partitions. Parameters: the key's columns, the table's name. */
    public String spreadRows() {
        return spreadRows;
    }

    /** Remembers when what was written expires, see {@link ExpirySql}. */
    public String expiry() {
        return expiry;
    }

    private static String remember(Layout layout) {
        List<Column> statics = layout.statics();
        int words = ColumnSql.words(statics);
        RowArrays rows = new RowArrays()
                .columns("k", layout.partitionKey())
                .columns("c", statics)
                .masks("m", words)
                .removed("r", statics)
                .masks("p", words);
        String inserted = object(statics, i -> "s.c" + i);
        String updated = object(statics, i -> ColumnSql.changed(statics.get(i), i, kept(statics.get(i)), true));
        return "MERGE INTO cdc_metadata.static_values AS v\nUSING (SELECT ?::text AS target) AS x CROSS JOIN " + rows
                + "\nON v.target = x.target AND v.partition_key = " + ColumnSql.keyText(layout.partitionKey())
                + "\nWHEN MATCHED THEN UPDATE SET kept = v.kept || " + updated
                + "\nWHEN NOT MATCHED THEN INSERT (target, partition_key, kept) VALUES (x.target, "
                + ColumnSql.keyText(layout.partitionKey()) + ", " + inserted + ")";
    }

    private static String forget(Layout layout) {
        return "DELETE FROM cdc_metadata.static_values AS v\nUSING "
                + new RowArrays().columns("k", layout.partitionKey()) + "\nWHERE v.target = ? AND v.partition_key = "
                + ColumnSql.keyText(layout.partitionKey());
    }

    private static String spread(TableName table, Layout layout, List<Column> key) {
        String assignments = layout.statics().stream()
                .map(column -> quoted(column) + " = " + kept(column))
                .collect(Collectors.joining(", "));
        String differs = layout.statics().stream()
                .map(column -> "t." + quoted(column) + " IS DISTINCT FROM " + kept(column))
                .collect(Collectors.joining(" OR "));
        return "UPDATE " + table.quoted() + " AS t SET " + assignments + "\nFROM cdc_metadata.static_values AS v, "
                + new RowArrays().columns("k", key) + "\nWHERE v.target = ? AND v.partition_key = "
                + ColumnSql.keyText(layout.partitionKey()) + " AND " + ColumnSql.sameKey(key)
                + " AND (" + differs + ")";
    }

    private static String kept(Column column) {
        return "(v.kept ->> " + literal(column.name()) + ")::" + column.type().name();
    }

    private static String object(List<Column> columns, IntFunction<String> value) {
        return IntStream.range(0, columns.size())
                .mapToObj(i ->
                        "jsonb_build_object(" + literal(columns.get(i).name()) + ", (" + value.apply(i) + ")::text)")
                .collect(Collectors.joining(" || "));
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
