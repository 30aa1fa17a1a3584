package io.github.scyllapgcdc.reconcile;

import java.util.Locale;

/** How a row differs. */
public enum Discrepancy {
    /** ScyllaDB has it, Postgres does not. */
    MISSING,
    /** Both have it, with other values. */
    MISMATCH,
    /** Postgres has it, ScyllaDB does not. */
    EXTRA;

    /** As users and tables write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
