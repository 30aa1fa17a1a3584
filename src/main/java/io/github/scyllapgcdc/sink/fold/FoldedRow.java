package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import java.util.Arrays;
import java.util.BitSet;

/**
 * One row's net change, grown event by event.
 *
 * <p>Whether a row comes to exist is judged at the end, by what is left of the writes: an update that sets a column and a
 * later one that sets it to null again create nothing, as in Scylla.
 */
public final class FoldedRow {
    private final Object[] key;
    private final Object[] values;
    private final BitSet written;
    private boolean deletedFirst;
    private boolean inserted;

    FoldedRow(Object[] key, int columns, boolean deletedFirst) {
        this.key = key;
        this.values = new Object[columns];
        this.written = new BitSet(columns);
        this.deletedFirst = deletedFirst;
    }

    /**
     * Takes in the next event of the row.
     *
     * @param columns the layout's index of each of the event's value columns
     */
    void add(ChangeEvent event, int[] columns) {
        if (event.op() == Operation.DELETE) {
            delete();
            return;
        }
        inserted |= event.op() != Operation.UPDATE;
        BitSet changed = event.changed();
        Object[] from = event.values();
        for (int i = 0; i < columns.length; i++) {
            if (changed == null || changed.get(i)) {
                values[columns[i]] = from[i];
                written.set(columns[i]);
            }
        }
    }

    private void delete() {
        deletedFirst = true;
        inserted = false;
        written.clear();
        Arrays.fill(values, null);
    }

    /** The key's values, in the layout's order. */
    public Object key(int column) {
        return key[column];
    }

    /** The value of a column, null also where it was not written. */
    public Object value(int column) {
        return values[column];
    }

    /** Whether a column is to be set: it was written, or the row is replaced. */
    public boolean sets(int column) {
        return written.get(column) || outcome() == Outcome.REPLACE;
    }

    /** The columns to set from number {@code 64 * word} on, as a mask of 64 bits. */
    public long mask(int word) {
        if (outcome() == Outcome.REPLACE) {
            return -1L;
        }
        long[] words = written.toLongArray();
        return word < words.length ? words[word] : 0;
    }

    /** Whether this is an insert or update that sets every column. */
    public boolean setsAll() {
        return switch (outcome()) {
            case REPLACE -> true;
            case UPSERT -> written.cardinality() == values.length;
            case DELETE, UPDATE_IF_PRESENT -> false;
        };
    }

    public Outcome outcome() {
        if (!inserted && !writesValue()) {
            return deletedFirst ? Outcome.DELETE : Outcome.UPDATE_IF_PRESENT;
        }
        return deletedFirst ? Outcome.REPLACE : Outcome.UPSERT;
    }

    private boolean writesValue() {
        for (Object value : values) {
            if (value != null) {
                return true;
            }
        }
        return false;
    }
}
