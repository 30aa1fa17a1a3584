package io.github.scyllapgcdc.sink.sql;

import io.github.scyllapgcdc.schema.SqlType;
import io.github.scyllapgcdc.sink.fold.Column;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that a statement takes as one array parameter a column: {@code (SELECT … FROM unnest(?, ?) AS u(…)) AS s}. Parameters
 * come in the order they are added.
 */
final class RowArrays {
    private final List<String> arrays = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<String> selected = new ArrayList<>();

    /** Columns, named by the prefix and their number. */
    RowArrays columns(String prefix, List<Column> columns) {
        for (int i = 0; i < columns.size(); i++) {
            column(prefix + i, columns.get(i).type());
        }
        return this;
    }

    /** The removed elements of those columns whose elements can be written one by one, named by prefix and number. */
    RowArrays removed(String prefix, List<Column> columns) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).elementSql() != null) {
                column(prefix + i, columns.get(i).elementSql().removed());
            }
        }
        return this;
    }

    RowArrays column(String name, SqlType type) {
        arrays.add("?::" + type.element() + "[]");
        names.add(name);
        selected.add(type.expression("u." + name) + " AS " + name);
        return this;
    }

    /** As many columns as a number of words, each of 64 bits. */
    RowArrays masks(String prefix, int words) {
        for (int word = 0; word < words; word++) {
            plain(prefix + word, "int8");
        }
        return this;
    }

    /** A column that is not the table's. */
    RowArrays plain(String name, String type) {
        arrays.add("?::" + type + "[]");
        names.add(name);
        selected.add("u." + name);
        return this;
    }

    /** The number of each row, from 1, under this name. */
    String numbered(String number) {
        return "(SELECT " + String.join(", ", selected) + ", u." + number + "\n  FROM unnest("
                + String.join(", ", arrays) + ")\n  WITH ORDINALITY AS u(" + String.join(", ", names) + ", " + number
                + ")) AS s";
    }

    @Override
    public String toString() {
        return "(SELECT " + String.join(", ", selected) + "\n  FROM unnest(" + String.join(", ", arrays) + ")\n  AS u("
                + String.join(", ", names) + ")) AS s";
    }
}
