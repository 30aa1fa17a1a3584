package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.schema.SqlType;
import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.FoldedRow;
import io.github.scyllapgcdc.sink.fold.Layout;
import io.github.scyllapgcdc.sink.fold.Outcome;
import io.github.scyllapgcdc.sink.fold.Segment;
import io.github.scyllapgcdc.sink.sql.ApplySql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntFunction;

/** Runs a segment's statements: one for deleted partitions, one for rows. */
final class TableWriter {
    private final Connection connection;

    TableWriter(Connection connection) {
        this.connection = connection;
    }

    void write(TargetTable table, Segment segment) throws SQLException {
        Layout layout = segment.layout();
        ApplySql sql = table.statements(layout);
        List<FoldedRow> rows = segment.rows();
        if (!segment.deletedPartitions().isEmpty()) {
            deletePartitions(sql, layout, segment.deletedPartitions());
        }
        if (rows.isEmpty()) {
            return;
        }
        if (rows.stream().allMatch(row -> row.outcome() == Outcome.DELETE)) {
            deleteRows(sql, layout, rows);
            return;
        }
        if (table.hasColumnsBeyond(layout)) {
            // a replaced row loses what it had in columns that its events do not carry, too
            List<FoldedRow> replaced = rows.stream()
                    .filter(row -> row.outcome() == Outcome.REPLACE)
                    .toList();
            if (!replaced.isEmpty()) {
                deleteRows(sql, layout, replaced);
            }
        }
        merge(sql, layout, rows);
    }

    private void deletePartitions(ApplySql sql, Layout layout, List<Object[]> partitions) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.deletePartitions())) {
            List<Column> key = layout.partitionKey();
            for (int i = 0; i < key.size(); i++) {
                int column = i;
                setColumn(
                        statement,
                        i + 1,
                        key.get(i).type(),
                        partitions.size(),
                        row -> partitions.get(row)[column]);
            }
            statement.executeUpdate();
        }
    }

    private void deleteRows(ApplySql sql, Layout layout, List<FoldedRow> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.deleteRows())) {
            setKey(statement, layout, rows);
            statement.executeUpdate();
        }
    }

    private void merge(ApplySql sql, Layout layout, List<FoldedRow> rows) throws SQLException {
        boolean masked = !rows.stream().allMatch(FoldedRow::setsAll);
        try (PreparedStatement statement = connection.prepareStatement(masked ? sql.masked() : sql.upsertAll())) {
            int parameter = setKey(statement, layout, rows);
            List<Column> values = layout.values();
            for (int i = 0; i < values.size(); i++) {
                int column = i;
                setColumn(
                        statement,
                        parameter++,
                        values.get(i).type(),
                        rows.size(),
                        row -> rows.get(row).value(column));
            }
            if (masked) {
                for (int word = 0; word < ApplySql.maskWords(layout); word++) {
                    Long[] masks = new Long[rows.size()];
                    for (int row = 0; row < masks.length; row++) {
                        masks[row] = rows.get(row).mask(word);
                    }
                    statement.setArray(parameter++, connection.createArrayOf("int8", masks));
                }
                Short[] outcomes = new Short[rows.size()];
                for (int row = 0; row < outcomes.length; row++) {
                    outcomes[row] = rows.get(row).outcome().code();
                }
                statement.setArray(parameter, connection.createArrayOf("int2", outcomes));
            }
            statement.executeUpdate();
        }
    }

    /** Binds the key's columns and returns the number of the next parameter. */
    private int setKey(PreparedStatement statement, Layout layout, List<FoldedRow> rows) throws SQLException {
        List<Column> key = layout.key();
        for (int i = 0; i < key.size(); i++) {
            int column = i;
            setColumn(
                    statement,
                    i + 1,
                    key.get(i).type(),
                    rows.size(),
                    row -> rows.get(row).key(column));
        }
        return key.size() + 1;
    }

    private void setColumn(
            PreparedStatement statement, int parameter, SqlType type, int rows, IntFunction<Object> values)
            throws SQLException {
        Object[] elements = type.newArray(rows);
        for (int row = 0; row < rows; row++) {
            elements[row] = type.toElement(values.apply(row));
        }
        statement.setArray(parameter, connection.createArrayOf(type.element(), elements));
    }
}
