package io.github.scyllapgcdc.deadletter;

/** The headers a dead letter has besides the original record's own. All are UTF-8 text, but for the original key. */
public final class DeadLetterHeaders {
    public static final String ERROR_CLASS = "dlq.error.class";
    public static final String ERROR_MESSAGE = "dlq.error.message";
    /** Five characters; absent where Postgres did not see the record. */
    public static final String ERROR_SQLSTATE = "dlq.error.sqlstate";

    public static final String TOPIC = "dlq.topic";
    public static final String TOPIC_ID = "dlq.topic.id";
    public static final String PARTITION = "dlq.partition";
    public static final String OFFSET = "dlq.offset";
    /** The original record's key, its bytes; absent where it had none. */
    public static final String KEY = "dlq.key";
    /** The change's identity at its source; absent where the record did not say. */
    public static final String CHANGE_ID = "dlq.change.id";

    public static final String CONSUMER_GROUP = "dlq.consumer.group";
    /** When it was given up, ISO 8601 in UTC. */
    public static final String TIME = "dlq.time";

    private DeadLetterHeaders() {}
}
