package io.github.scyllapgcdc.reconcile;

/**
 * What is certain of a row that was looked at.
 *
 * @param scylla the row in ScyllaDB, null if there is none
 * @param postgres the row in Postgres, null if there is none
 * @param determined whether anything is: a row that changed each time it was looked at may be equal or not
 */
record Finding(RowKey key, RowImage scylla, RowImage postgres, boolean determined) {

    /** A row that is the same on both sides, whatever it is. */
    static Finding equal(RowKey key) {
        return new Finding(key, null, null, true);
    }

    /** Whether both sides have the same. */
    boolean equal() {
        return determined && RowImage.same(scylla, postgres);
    }

    /** How the row differs. */
    Discrepancy type() {
        if (scylla == null) {
            return Discrepancy.EXTRA;
        }
        return postgres == null ? Discrepancy.MISSING : Discrepancy.MISMATCH;
    }
}
