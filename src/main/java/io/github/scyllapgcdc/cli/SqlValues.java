package io.github.scyllapgcdc.cli;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;

/** SQL values as people read them: ISO dates and times (in UTC where they have a zone), bytes as 0x…, null as null. */
final class SqlValues {
    private SqlValues() {}

    static boolean isNumber(int sqlType) {
        return switch (sqlType) {
            case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.REAL, Types.DOUBLE, Types.NUMERIC -> true;
            default -> false;
        };
    }

    static String format(ResultSet rows, int column) throws SQLException {
        String text = rows.getString(column);
        if (text == null) {
            return "null";
        }
        String type = rows.getMetaData().getColumnTypeName(column);
        boolean infinite = text.endsWith("infinity"); // has no Java form
        return switch (type) {
            case "bytea" -> "0x" + HexFormat.of().formatHex(rows.getBytes(column));
            case "bool" -> String.valueOf(rows.getBoolean(column));
            case "timestamptz" ->
                infinite
                        ? text
                        : rows.getObject(column, OffsetDateTime.class)
                                .withOffsetSameInstant(ZoneOffset.UTC)
                                .toInstant()
                                .toString();
            case "timestamp" ->
                infinite ? text : rows.getObject(column, LocalDateTime.class).toString();
            default -> text;
        };
    }
}
