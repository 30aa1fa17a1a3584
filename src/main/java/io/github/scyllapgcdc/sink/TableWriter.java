package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.FoldedRow;
import io.github.scyllapgcdc.sink.fold.Layout;
import io.github.scyllapgcdc.sink.fold.Outcome;
import io.github.scyllapgcdc.sink.fold.Segment;
import io.github.scyllapgcdc.sink.sql.ApplySql;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Runs a segment's statements: deletes of partitions and ranges, then rows, then static columns. */
final class TableWriter {
    private final Connection connection;
    private final String target;
    private final Layout layout;
    private final ApplySql sql;
    private final boolean columnsBeyond;

    /**
     * A writer.
     *
     * @param columnsBeyond whether the table has columns that the layout does not
     */
    TableWriter(Connection connection, TableName table, Layout layout, ApplySql sql, boolean columnsBeyond) {
        this.connection = connection;
        this.target = table.toString();
        this.layout = layout;
        this.sql = sql;
        this.columnsBeyond = columnsBeyond;
    }

    static TableWriter of(Connection connection, TargetTable table, Layout layout) {
        return new TableWriter(
                connection, table.name(), layout, table.statements(layout), table.hasColumnsBeyond(layout));
    }

    /**
     * Writes a segment.
     *
     * @return rows that may be gone in the source: nulls were written to columns of theirs, and now all are null. Only who
     *     knows whether the row was ever inserted, rather than made by an update, can tell
     */
    List<FoldedRow> write(Segment segment) throws SQLException {
        deletePartitions(segment.deletedPartitions());
        deleteRanges(segment);
        writeRows(segment.rows());
        writeStatics(segment);
        return emptied(segment.rows().stream()
                .filter(row -> row.outcome() == Outcome.UPDATE_IF_PRESENT)
                .toList());
    }

    private void deletePartitions(List<Object[]> partitions) throws SQLException {
        if (partitions.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.deletePartitions())) {
            arrays(statement).leadingKeys(layout.partitionKey(), partitions);
            statement.executeUpdate();
        }
        if (!layout.statics().isEmpty()) {
            try (PreparedStatement statement =
                    connection.prepareStatement(sql.statics().forget())) {
                arrays(statement).leadingKeys(layout.partitionKey(), partitions).text(target);
                statement.executeUpdate();
            }
        }
    }

    private void deleteRanges(Segment segment) throws SQLException {
        if (segment.deletedRanges().isEmpty()) {
            return;
        }
        List<Column> clustering =
                layout.clustering().stream().map(Layout.Clustering::column).toList();
        try (PreparedStatement statement = connection.prepareStatement(sql.deleteRanges())) {
            arrays(statement)
                    .leadingKeys(
                            layout.partitionKey(),
                            segment.deletedRanges().stream()
                                    .map(range -> range.partitionKey())
                                    .toList())
                    .bounds(clustering, segment.deletedRanges(), true)
                    .bounds(clustering, segment.deletedRanges(), false);
            statement.executeUpdate();
        }
    }

    private void writeRows(List<FoldedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        if (rows.stream().allMatch(row -> row.outcome() == Outcome.DELETE)) {
            deleteRows(rows);
            return;
        }
        if (columnsBeyond) {
            // a replaced row loses what it had in columns that its events do not carry, too
            List<FoldedRow> replaced = rows.stream()
                    .filter(row -> row.outcome() == Outcome.REPLACE)
                    .toList();
            if (!replaced.isEmpty()) {
                deleteRows(replaced);
            }
        }
        merge(rows);
    }

    void deleteRows(List<FoldedRow> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.deleteRows())) {
            arrays(statement).keys(layout.key(), rows);
            statement.executeUpdate();
        }
    }

    private void merge(List<FoldedRow> rows) throws SQLException {
        List<Column> values = layout.values();
        int words = ApplySql.maskWords(values);
        boolean partial = rows.stream().anyMatch(FoldedRow::hasPartialColumns);
        boolean masked = partial || !rows.stream().allMatch(FoldedRow::setsAll);
        String merge = partial ? sql.partial() : masked ? sql.masked() : sql.upsertAll();
        try (PreparedStatement statement = connection.prepareStatement(merge)) {
            ColumnArrays arrays = arrays(statement).keys(layout.key(), rows).values(values, rows);
            if (masked) {
                arrays.masks(words, rows);
                arrays.array(
                        "int2", rows.stream().map(row -> row.outcome().code()).toArray(Short[]::new));
            }
            if (partial) {
                arrays.removed(values, rows).partialMasks(words, rows);
            }
            statement.executeUpdate();
        }
    }

    private void writeStatics(Segment segment) throws SQLException {
        if (layout.statics().isEmpty()) {
            return;
        }
        List<FoldedRow> written = segment.statics();
        if (!written.isEmpty()) {
            int words = ApplySql.maskWords(layout.statics());
            try (PreparedStatement statement =
                    connection.prepareStatement(sql.statics().remember())) {
                arrays(statement)
                        .text(target)
                        .keys(layout.partitionKey(), written)
                        .values(layout.statics(), written)
                        .masks(words, written)
                        .removed(layout.statics(), written)
                        .partialMasks(words, written);
                statement.executeUpdate();
            }
        }
        spread(sql.statics().spread(), layout.partitionKey(), written);
        spread(
                sql.statics().spreadRows(),
                layout.key(),
                segment.rows().stream().filter(row -> row.outcome().creates()).toList());
    }

    private void spread(String statement, List<Column> key, List<FoldedRow> rows) throws SQLException {
        if (!rows.isEmpty()) {
            try (PreparedStatement prepared = connection.prepareStatement(statement)) {
                arrays(prepared).keys(key, rows).text(target);
                prepared.executeUpdate();
            }
        }
    }

    /** Those of some rows that are there, and have nothing but nulls. */
    List<FoldedRow> emptied(List<FoldedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<FoldedRow> emptied = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.emptyRows())) {
            arrays(statement).keys(layout.key(), rows);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    emptied.add(rows.get(result.getInt(1) - 1));
                }
            }
        }
        return emptied;
    }

    private ColumnArrays arrays(PreparedStatement statement) {
        return new ColumnArrays(connection, statement);
    }
}
