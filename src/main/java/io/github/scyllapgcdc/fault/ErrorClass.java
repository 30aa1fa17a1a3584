package io.github.scyllapgcdc.fault;

/** What is to be done about an error: there is no fourth answer. */
public enum ErrorClass {
    /** The same work may succeed later, unchanged: keep it and try again. */
    RETRY,
    /** A record will never be accepted: find it, dead-letter it, do the rest. */
    POISON,
    /** Nothing helps but a person: stop the table's route and say why. */
    FATAL
}
