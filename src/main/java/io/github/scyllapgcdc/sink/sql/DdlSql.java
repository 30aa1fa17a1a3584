package io.github.scyllapgcdc.sink.sql;

import io.github.scyllapgcdc.sink.fold.Column;
import io.github.scyllapgcdc.sink.fold.Layout;

/** The statements that create a table and let it grow. All may run twice. */
public final class DdlSql {
    private DdlSql() {}

    public static String createSchema(String schema) {
        return "CREATE SCHEMA IF NOT EXISTS " + Identifiers.quote(schema);
    }

    /** The table with a layout's columns and its primary key. */
    public static String createTable(TableName table, Layout layout) {
        StringBuilder sql = new StringBuilder("CREATE TABLE IF NOT EXISTS ")
                .append(table.quoted())
                .append(" (");
        layout.key()
                .forEach(column ->
                        sql.append(definition(column)).append(collation(column)).append(" NOT NULL, "));
        layout.statics().forEach(column -> sql.append(definition(column)).append(", "));
        layout.values().forEach(column -> sql.append(definition(column)).append(", "));
        return sql.append("PRIMARY KEY (")
                .append(Identifiers.list(layout.key(), column -> Identifiers.quote(column.name())))
                .append("))")
                .toString();
    }

    public static String addColumn(TableName table, Column column) {
        return "ALTER TABLE " + table.quoted() + " ADD COLUMN IF NOT EXISTS " + definition(column);
    }

    public static String widenColumn(TableName table, Column column) {
        return "ALTER TABLE " + table.quoted() + " ALTER COLUMN " + Identifiers.quote(column.name()) + " TYPE "
                + column.type().name();
    }

    /** Keys are sorted byte by byte, as the source does, and no locale can take two of them for the same. */
    private static String collation(Column column) {
        return column.type().name().equals("text") ? " COLLATE \"C\"" : "";
    }

    private static String definition(Column column) {
        return Identifiers.quote(column.name()) + " " + column.type().name();
    }
}
