package io.github.scyllapgcdc.sink.fold;

/** The net change of one row over a batch. The code is what the statement's arrays carry. */
public enum Outcome {
    /** The row is gone. */
    DELETE(0),
    /** The written columns get their values if the row exists; only nulls were written, which creates no row. */
    UPDATE_IF_PRESENT(1),
    /** The row exists, the written columns have their values, the others keep theirs. */
    UPSERT(2),
    /** The row was deleted and then written: it exists, and every column that was not written since is null. */
    REPLACE(3);

    private final short code;

    Outcome(int code) {
        this.code = (short) code;
    }

    public short code() {
        return code;
    }

    /** Whether a row that is missing is inserted. */
    public boolean creates() {
        return this == UPSERT || this == REPLACE;
    }
}
