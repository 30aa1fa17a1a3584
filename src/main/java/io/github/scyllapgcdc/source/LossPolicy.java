package io.github.scyllapgcdc.source;

/** What a source does when it finds that changes were lost outside: the log's TTL passed, or the topic was replaced. */
public enum LossPolicy {
    /** Stop the table and say so. */
    STOP,
    /** Say so and go on with what is left; reconciliation has to find the rest. */
    CONTINUE,
    /** Say so and load the table again; what that does not find is then removed from the copy. */
    RELOAD
}
