package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.schema.SqlType;
import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.FoldedRow;
import io.github.scyllapgcdc.sink.fold.RangeDelete;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntFunction;

/** Binds a statement's parameters one by one: an array a column, with an element for each row. */
final class ColumnArrays {
    private final Connection connection;
    private final PreparedStatement statement;
    private int parameter = 1;

    ColumnArrays(Connection connection, PreparedStatement statement) {
        this.connection = connection;
        this.statement = statement;
    }

    ColumnArrays text(String value) throws SQLException {
        statement.setString(parameter++, value);
        return this;
    }

    ColumnArrays array(String type, Object[] elements) throws SQLException {
        statement.setArray(parameter++, connection.createArrayOf(type, elements));
        return this;
    }

    /** One column of some rows. */
    ColumnArrays column(SqlType type, int rows, IntFunction<Object> values) throws SQLException {
        Object[] elements = type.newArray(rows);
        for (int row = 0; row < rows; row++) {
            elements[row] = type.toElement(values.apply(row));
        }
        return array(type.element(), elements);
    }

    ColumnArrays keys(List<Column> key, List<FoldedRow> rows) throws SQLException {
        for (int i = 0; i < key.size(); i++) {
            int column = i;
            column(key.get(i).type(), rows.size(), row -> rows.get(row).key(column));
        }
        return this;
    }

    /** Keys, or as many of their leading columns as there are columns. */
    ColumnArrays leadingKeys(List<Column> key, List<Object[]> keys) throws SQLException {
        for (int i = 0; i < key.size(); i++) {
            int column = i;
            column(key.get(i).type(), keys.size(), row -> keys.get(row)[column]);
        }
        return this;
    }

    ColumnArrays values(List<Column> columns, List<FoldedRow> rows) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            column(columns.get(i).type(), rows.size(), row -> rows.get(row).value(column));
        }
        return this;
    }

    ColumnArrays removed(List<Column> columns, List<FoldedRow> rows) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).elementSql() != null) {
                int column = i;
                column(
                        columns.get(i).elementSql().removed(),
                        rows.size(),
                        row -> rows.get(row).removed(column));
            }
        }
        return this;
    }

    ColumnArrays masks(int words, List<FoldedRow> rows) throws SQLException {
        for (int word = 0; word < words; word++) {
            int number = word;
            array("int8", rows.stream().map(row -> row.mask(number)).toArray(Long[]::new));
        }
        return this;
    }

    ColumnArrays partialMasks(int words, List<FoldedRow> rows) throws SQLException {
        for (int word = 0; word < words; word++) {
            int number = word;
            array("int8", rows.stream().map(row -> row.partialMask(number)).toArray(Long[]::new));
        }
        return this;
    }

    /** One side of ranges: the bounds' columns, how many each has, and whether it is inclusive. */
    ColumnArrays bounds(List<Column> clustering, List<RangeDelete> ranges, boolean lower) throws SQLException {
        List<RangeDelete.Side> sides =
                ranges.stream().map(range -> range.side(lower)).toList();
        for (int i = 0; i < clustering.size(); i++) {
            int column = i;
            column(clustering.get(i).type(), sides.size(), row -> sides.get(row).prefix()[column]);
        }
        array("int4", sides.stream().map(RangeDelete.Side::length).toArray(Integer[]::new));
        return array("bool", sides.stream().map(RangeDelete.Side::inclusive).toArray(Boolean[]::new));
    }
}
