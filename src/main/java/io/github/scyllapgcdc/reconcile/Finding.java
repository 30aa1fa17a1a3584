package io.github.scyllapgcdc.reconcile;

/**
 * What is certain of a row that was looked at.
 *
 * @param scylla the row in ScyllaDB, null if there is none
 * @param postgres the row in Postgres, null if there is none
 * @param determined whether anything is: a row that changed each time it was looked at may be equal or not
 */
record Finding(RowKey key, RowImage scylla, RowImage postgres, boolean determined) {

    /** Whether both sides have the same. */
    boolean equal() {
        return RowImage.same(scylla, postgres);
    }

    /** How the row differs. */
    Discrepancy type() {
        if (scylla == null) {
            return Discrepancy.EXTRA;
        }
        return postgres == null ? Discrepancy.MISSING : Discrepancy.MISMATCH;
    }
}
