package io.github.scyllapgcdc.deadletter;

/**
 * The headers a dead letter has besides the original record's own. All are UTF-8 text, but for the original key. A change that
 * could not be published has no place in a topic, and so none of the headers that tell it.
 */
public final class DeadLetterHeaders {
    /** Absent where the source found something wrong itself. */
    public static final String ERROR_CLASS = "dlq.error.class";

    public static final String ERROR_MESSAGE = "dlq.error.message";
    /** Five characters; absent where Postgres did not see the record. */
    public static final String ERROR_SQLSTATE = "dlq.error.sqlstate";

    /** The table's topic. */
    public static final String TOPIC = "dlq.topic";

    public static final String TOPIC_ID = "dlq.topic.id";
    public static final String PARTITION = "dlq.partition";
    public static final String OFFSET = "dlq.offset";
    /**
     * The original record's key, its bytes; of a change that could not be published, the key that its record would have had.
     * Absent where there is none, or it could not be read.
     */
    public static final String KEY = "dlq.key";
    /** The change's identity at its source; absent where the record did not say. */
    public static final String CHANGE_ID = "dlq.change.id";

    public static final String CONSUMER_GROUP = "dlq.consumer.group";
    /** When it was given up, ISO 8601 in UTC. */
    public static final String TIME = "dlq.time";

    /** When it was replayed last, ISO 8601 in UTC; absent where it was not. */
    public static final String REPLAYED_AT = "dlq.replayed.at";
    /** {@code refresh} or {@code raw}. */
    public static final String REPLAYED_HOW = "dlq.replayed.how";

    private DeadLetterHeaders() {}
}
