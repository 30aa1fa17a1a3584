package io.github.scyllapgcdc.sink.sql;

import io.github.scyllapgcdc.sink.fold.Layout;
import io.github.scyllapgcdc.sink.fold.Layout.Clustering;
import java.util.List;

/**
 * The delete of ranges. Parameters: the partition key's columns; the clustering columns of the lower bounds, how many of them
 * each bound has, and whether it is inclusive; the same of the upper bounds. Bounds stand in the source's order, which for a
 * descending column begins with the largest value, and are compared column by column in that order.
 */
final class RangeSql {
    private RangeSql() {}

    static String delete(TableName table, Layout layout) {
        RowArrays ranges = new RowArrays().columns("k", layout.partitionKey());
        for (String side : List.of("l", "u")) {
            ranges.columns(
                            side,
                            layout.clustering().stream().map(Clustering::column).toList())
                    .plain(side + "n", "int4")
                    .plain(side + "i", "bool");
        }
        return "DELETE FROM " + table.quoted() + " AS t\nUSING " + ranges + "\nWHERE "
                + ColumnSql.sameKey(layout.partitionKey()) + "\n  AND " + within(layout.clustering(), "l") + "\n  AND "
                + within(layout.clustering(), "u");
    }

    /** The first column that differs decides; a row with the bound's whole prefix belongs to it if it is inclusive. */
    private static String within(List<Clustering> clustering, String side) {
        StringBuilder sql = new StringBuilder("CASE WHEN s." + side + "n = 0 THEN true");
        for (int i = 0; i < clustering.size(); i++) {
            Clustering column = clustering.get(i);
            if (column.order() == null) {
                break; // bounds with such a column are refused before they get here
            }
            String value = column.order().replace("%s", "t." + ColumnSql.quoted(column.column()));
            String bound = column.order().replace("%s", "s." + side + i);
            boolean greater = side.equals("l") != column.descending();
            sql.append("\n    WHEN ").append(value).append(" <> ").append(bound);
            sql.append(" THEN ").append(value).append(greater ? " > " : " < ").append(bound);
            sql.append("\n    WHEN s.").append(side).append("n = ").append(i + 1);
            sql.append(" THEN s.").append(side).append('i');
        }
        return sql.append(" END").toString();
    }
}
