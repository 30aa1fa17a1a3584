package io.github.scyllapgcdc.dev.standin;

/** The values of {@code cdc$operation} that the stand-in writes. */
enum LogOperation {
    PREIMAGE(0),
    UPDATE(1),
    INSERT(2),
    ROW_DELETE(3),
    PARTITION_DELETE(4),
    RANGE_START_INCLUSIVE(5),
    RANGE_START_EXCLUSIVE(6),
    RANGE_END_INCLUSIVE(7),
    RANGE_END_EXCLUSIVE(8),
    POSTIMAGE(9);

    final byte code;

    LogOperation(int code) {
        this.code = (byte) code;
    }
}
