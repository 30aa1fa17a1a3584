package io.github.scyllapgcdc.config;

/** Whether the rows that a table had before it was first published are published, too. */
public enum Snapshot {
    /** They are loaded when the table is published for the first time. */
    INITIAL,
    /** Only what the log still has of them is. */
    NEVER
}
