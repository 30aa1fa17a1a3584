package io.github.scyllapgcdc.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.scyllapgcdc.schema.TextArrays;
import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.FoldedRow;
import io.github.scyllapgcdc.sink.fold.Layout;
import io.github.scyllapgcdc.sink.fold.Lifetimes;
import io.github.scyllapgcdc.sink.fold.Segment;
import io.github.scyllapgcdc.sink.sql.ApplySql;
import io.github.scyllapgcdc.sink.sql.ExpirySql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Remembers, in the transaction that writes them, when rows and columns expire: the source says nothing when they do. What is
 * written again without a time to live is forgotten. Deleted rows may stay remembered: expiring what is not there does
 * nothing, and whatever is written later replaces what was remembered of it.
 */
final class Expirations {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Expirations() {}

    /** What is remembered and what is forgotten of one row. */
    private static final class Changes {
        private final ObjectNode added = JSON.createObjectNode();
        private final List<String> cancelled = new ArrayList<>();

        Changes(FoldedRow row, List<Column> columns) {
            if (row.isInserted()) {
                cancelled.add(ExpirySql.ROW); // of a row that was read it becomes ASK
            }
            if (row.isRenewed()) {
                cancelled.add(ExpirySql.ASK);
            }
            for (int i = 0; i < columns.size(); i++) {
                if (row.isWritten(i) && !row.isPartial(i)) {
                    cancelled.add(ExpirySql.COLUMN + columns.get(i).name());
                }
            }
            if (row.expires() != null) {
                row.expires().forEachWhole((column, at) -> added.put(part(column, columns), at));
                row.expires()
                        .forEachPart((column, at) -> added.put(
                                ExpirySql.ELEMENTS
                                        + at
                                        + ':'
                                        + columns.get(column).name(),
                                at));
            }
        }

        private static String part(int column, List<Column> columns) {
            return switch (column) {
                case Lifetimes.ROW -> ExpirySql.ROW;
                case Lifetimes.ASK -> ExpirySql.ASK;
                default -> ExpirySql.COLUMN + columns.get(column).name();
            };
        }

        boolean isEmpty() {
            return added.isEmpty() && cancelled.isEmpty();
        }
    }

    static void remember(Connection connection, TargetTable table, Segment segment) throws SQLException {
        Layout layout = segment.layout();
        ApplySql sql = table.statements(layout);
        String target = table.name().toString();
        remember(connection, sql.expiry(), target, layout.key(), layout.values(), segment.rows());
        remember(
                connection, sql.statics().expiry(), target, layout.partitionKey(), layout.statics(), segment.statics());
    }

    private static void remember(
            Connection connection,
            String statement,
            String target,
            List<Column> key,
            List<Column> columns,
            List<FoldedRow> all)
            throws SQLException {
        List<FoldedRow> rows = new ArrayList<>();
        List<Changes> changes = new ArrayList<>();
        for (FoldedRow row : all) {
            Changes ofRow = new Changes(row, columns);
            if (!ofRow.isEmpty()) {
                rows.add(row);
                changes.add(ofRow);
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            new ColumnArrays(connection, prepared)
                    .text(target)
                    .keys(key, rows)
                    .array("bytea", rows.stream().map(FoldedRow::recordKey).toArray(byte[][]::new))
                    .array(
                            "text",
                            changes.stream()
                                    .map(c -> TextArrays.literal(c.cancelled))
                                    .toArray(String[]::new))
                    .array("text", changes.stream().map(c -> c.added.toString()).toArray(String[]::new));
            prepared.executeUpdate();
        }
    }
}
