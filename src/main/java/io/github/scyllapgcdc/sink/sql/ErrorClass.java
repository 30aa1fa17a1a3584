package io.github.scyllapgcdc.sink.sql;

/** What is to be done about an error: the sink has no fourth answer. */
public enum ErrorClass {
    /** The same batch may succeed later, unchanged: keep it and try again in a new transaction. */
    RETRY,
    /** A record will never be accepted: find it, dead-letter it, apply the rest. */
    POISON,
    /** Nothing helps but a person: stop the table's route and say why. */
    FATAL
}
