package io.github.scyllapgcdc.event;

/** What a change did, with Debezium's one-letter codes. */
public enum Operation {
    /** A row was inserted: it exists from now on, even if every column it wrote is null. */
    CREATE("c"),
    /** Columns of a row were written; whether the row existed is not known. */
    UPDATE("u"),
    /** A row, a range of rows or a whole partition was deleted. */
    DELETE("d"),
    /** A whole row as it was read from the table: initial load and refresh. */
    READ("r");

    private final String code;

    Operation(String code) {
        this.code = code;
    }

    /** The letter in the event's {@code op} field. */
    public String code() {
        return code;
    }

    /**
     * The operation of a letter.
     *
     * @throws EventFormatException if there is none
     */
    public static Operation of(CharSequence code) {
        for (Operation operation : values()) {
            if (operation.code.contentEquals(code)) {
                return operation;
            }
        }
        throw new EventFormatException("unknown op \"" + code + "\": expected c, u, d or r");
    }
}
