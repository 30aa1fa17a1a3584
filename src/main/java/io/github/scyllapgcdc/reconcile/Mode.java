package io.github.scyllapgcdc.reconcile;

import java.util.Locale;

/** What a run looks at. */
public enum Mode {
    /** Every row of both sides. */
    FULL,
    /** Rows that changed since some time, by ScyllaDB's CDC log. */
    INCREMENTAL,
    /** A percentage of the rows. */
    SAMPLE;

    /** As users and tables write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
