package io.github.scyllapgcdc.source.log;

/** Names of the CDC log's own columns, and of the log table. */
final class LogColumns {
    static final String TABLE_SUFFIX = "_scylla_cdc_log";
    static final String STREAM_ID = "cdc$stream_id";
    static final String TIME = "cdc$time";
    static final String BATCH_SEQ_NO = "cdc$batch_seq_no";
    static final String OPERATION = "cdc$operation";
    static final String TTL = "cdc$ttl";
    static final String END_OF_BATCH = "cdc$end_of_batch";
    static final String DELETED_PREFIX = "cdc$deleted_";
    static final String DELETED_ELEMENTS_PREFIX = "cdc$deleted_elements_";

    private LogColumns() {}
}
