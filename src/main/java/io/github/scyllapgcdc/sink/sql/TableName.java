package io.github.scyllapgcdc.sink.sql;

/** A Postgres table's name. */
public record TableName(String schema, String table) {
    private static final String TOPIC = "${topic}";

    public TableName {
        if (!Identifiers.fits(schema) || !Identifiers.fits(table)) {
            throw new IllegalArgumentException("\"" + schema + "." + table
                    + "\" is no Postgres table name: schema and table are 1 to " + Identifiers.MAX_BYTES
                    + " bytes each; set sink.table.name.format to shorten it");
        }
    }

    /**
     * The table of a topic: the format with the topic's name in it, and what is before its first dot is the schema ({@code
     * public} without a dot).
     *
     * @throws IllegalArgumentException if that is no name Postgres can hold
     */
    public static TableName of(String format, String topic) {
        String name = format.replace(TOPIC, topic);
        int dot = name.indexOf('.');
        return dot < 0 ? new TableName("public", name) : new TableName(name.substring(0, dot), name.substring(dot + 1));
    }

    /** The name as SQL takes it. */
    public String quoted() {
        return Identifiers.quote(schema) + "." + Identifiers.quote(table);
    }

    @Override
    public String toString() {
        return schema + "." + table;
    }
}
