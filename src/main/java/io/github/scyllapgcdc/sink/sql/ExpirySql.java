package io.github.scyllapgcdc.sink.sql;

import io.github.scyllapgcdc.sink.fold.Column;
import java.util.List;

/**
 * What {@code cdc_metadata.expirations} keeps: for each row of which something expires, when each part of it does. The parts
 * are named {@code row} for the row itself, {@code ask} for a row that was read since, {@code column:<name>} for a column that expires as a whole, and {@code
 * elements:<millis>:<name>} for elements of one.
 */
public final class ExpirySql {
    public static final String ROW = "row";
    public static final String ASK = "ask";
    public static final String COLUMN = "column:";
    public static final String ELEMENTS = "elements:";

    private static final String NEXT = "(SELECT min(value::bigint) FROM jsonb_each_text(%s))";

    private ExpirySql() {}

    /**
     * Remembers what expires and forgets what no longer does. Parameters: the table's name, the key's columns, then for each
     * row its record's key, the parts that no longer expire as they did, and a JSON object of those that do.
     */
    static String remember(List<Column> key) {
        RowArrays rows = new RowArrays()
                .columns("k", key)
                .plain("record_key", "bytea")
                .plain("cancelled", "text")
                .plain("added", "text");
        // a row that was read is as it was, but that it was inserted again meanwhile may have been missed
        String asked = "CASE WHEN s.cancelled::text[] @> '{row}' AND NOT s.cancelled::text[] @> '{ask}' THEN"
                + " jsonb_strip_nulls(jsonb_build_object('ask', coalesce(e.expires -> 'row', e.expires -> 'ask')))"
                + " ELSE '{}' END";
        String after = "((" + asked + ") || (e.expires - s.cancelled::text[]) || s.added::jsonb)";
        return "MERGE INTO cdc_metadata.expirations AS e\nUSING (SELECT ?::text AS target) AS x CROSS JOIN " + rows
                + "\nON e.target = x.target AND e.key = " + ColumnSql.keyText(key) + "\nWHEN MATCHED AND " + after
                + " = '{}' THEN DELETE\nWHEN MATCHED THEN UPDATE SET record_key = s.record_key, expires = " + after
                + ", next_expiry = "
                + NEXT.formatted(after)
                + "\nWHEN NOT MATCHED AND s.added <> '{}' THEN INSERT (target, record_key, key, expires, next_expiry)"
                + " VALUES (x.target, s.record_key, " + ColumnSql.keyText(key) + ", s.added::jsonb, "
                + NEXT.formatted("s.added::jsonb") + ")";
    }

    /** The rows of a table of which something is due. Parameters: table, milliseconds since 1970, how many at most. */
    public static String due() {
        return """
                SELECT record_key, key, expires FROM cdc_metadata.expirations
                WHERE target = ? AND next_expiry <= ?
                ORDER BY next_expiry LIMIT ? FOR UPDATE""";
    }

    /** Forgets what was due. Parameters: milliseconds since 1970, table, keys as array literals, table. */
    public static String forget() {
        return """
                WITH due AS (
                    SELECT e.key, jsonb_object_agg(part, at::bigint) FILTER (WHERE at::bigint > p.now) AS expires
                    FROM (SELECT ?::bigint AS now) AS p, cdc_metadata.expirations AS e,
                         jsonb_each_text(e.expires) AS x (part, at)
                    WHERE e.target = ? AND e.key IN (SELECT k::text[] FROM unnest(?::text[]) AS k)
                    GROUP BY e.key)
                MERGE INTO cdc_metadata.expirations AS e
                USING due ON e.target = ? AND e.key = due.key
                WHEN MATCHED AND due.expires IS NULL THEN DELETE
                WHEN MATCHED THEN UPDATE SET expires = due.expires,
                    next_expiry = (SELECT min(value::bigint) FROM jsonb_each_text(due.expires))""";
    }
}
