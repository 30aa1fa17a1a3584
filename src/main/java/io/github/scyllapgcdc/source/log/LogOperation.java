package io.github.scyllapgcdc.source.log;

/** The codes of {@code cdc$operation}. */
final class LogOperation {
    static final int PREIMAGE = 0;
    static final int UPDATE = 1;
    static final int INSERT = 2;
    static final int ROW_DELETE = 3;
    /** On a table without clustering columns every DELETE of a row is logged as this. */
    static final int PARTITION_DELETE = 4;

    static final int RANGE_START_INCLUSIVE = 5;
    static final int RANGE_START_EXCLUSIVE = 6;
    static final int RANGE_END_INCLUSIVE = 7;
    static final int RANGE_END_EXCLUSIVE = 8;
    static final int POSTIMAGE = 9;
    static final int TTL_ROW_DELETE = -3;
    static final int TTL_PARTITION_DELETE = -4;

    private LogOperation() {}

    /** Whether a row of the log with this code names one row of the table, or the statics of a partition where it names none. */
    static boolean isOfRow(int code) {
        return switch (code) {
            case PREIMAGE, UPDATE, INSERT, ROW_DELETE, POSTIMAGE, TTL_ROW_DELETE -> true;
            default -> false;
        };
    }

    /** For people, in dead letters and log lines. */
    static String name(int code) {
        return switch (code) {
            case PREIMAGE -> "preimage";
            case UPDATE -> "update";
            case INSERT -> "insert";
            case ROW_DELETE -> "row delete";
            case PARTITION_DELETE -> "partition delete";
            case RANGE_START_INCLUSIVE -> "range delete, inclusive start";
            case RANGE_START_EXCLUSIVE -> "range delete, exclusive start";
            case RANGE_END_INCLUSIVE -> "range delete, inclusive end";
            case RANGE_END_EXCLUSIVE -> "range delete, exclusive end";
            case POSTIMAGE -> "postimage";
            case TTL_ROW_DELETE -> "row removed by the TTL service";
            case TTL_PARTITION_DELETE -> "partition removed by the TTL service";
            default -> "operation " + code;
        };
    }
}
