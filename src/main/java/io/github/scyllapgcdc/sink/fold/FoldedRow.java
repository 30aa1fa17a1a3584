package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.ElementChanges;
import io.github.scyllapgcdc.event.Operation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One row's net change, grown event by event; or that of a partition's static columns.
 *
 * <p>Whether a row comes to exist is judged at the end, by what is left of the writes: an update that sets a column and a
 * later one that sets it to null again create nothing, as in Scylla.
 */
public final class FoldedRow {
    private final Object[] key;
    private final List<Column> columns;
    private final Object[] values;
    private final BitSet written;
    private ElementDelta[] deltas;
    private Lifetimes expiry;
    private byte[] recordKey;
    private boolean deletedFirst;
    private boolean inserted;
    private boolean renewed;

    /** Of a column whose elements were written: what is removed. What is added is among the values. */
    private record ElementDelta(Set<Object> removed) {}

    FoldedRow(Object[] key, List<Column> columns, boolean deletedFirst) {
        this.key = key;
        this.columns = columns;
        this.values = new Object[columns.size()];
        this.written = new BitSet(columns.size());
        this.deletedFirst = deletedFirst;
    }

    /**
     * Takes in the next event of the row.
     *
     * @param indices where each of the event's value columns stands here, -1 for those that do not
     */
    void add(ChangeEvent event, byte[] eventRecordKey, int[] indices) {
        recordKey = eventRecordKey;
        if (event.op() == Operation.DELETE) {
            delete();
            return;
        }
        boolean inserts = event.op() != Operation.UPDATE;
        inserted |= inserts;
        if (event.op() == Operation.READ && event.expiresAtMillis() == null) {
            if (expiry != null) {
                expiry.read();
            }
        } else if (inserts) {
            renewed = true;
            expires(Lifetimes.ASK, null);
            expires(Lifetimes.ROW, event.expiresAtMillis());
        }
        BitSet changed = event.changed();
        ElementChanges elements = event.elements();
        for (int i = 0; i < indices.length; i++) {
            int column = indices[i];
            if (column >= 0 && (changed == null || changed.get(i))) {
                boolean partial = elements != null && elements.columns().get(i);
                if (partial) {
                    change(column, event.values()[i], elements.removed().get(i));
                } else {
                    set(column, event.values()[i]);
                }
                if (partial || columns.get(column).expiresInParts()) {
                    expiresInPart(column, event.expiresAtMillis());
                } else {
                    expires(column, event.expiresAtMillis());
                }
            }
        }
    }

    /**
     * A row whose columns are to be set to null, if it is there.
     *
     * @param key as text
     */
    public static FoldedRow expired(Object[] key, List<Column> columns, List<Integer> expired, byte[] recordKey) {
        FoldedRow row = new FoldedRow(key, columns, false);
        expired.forEach(column -> row.set(column, null));
        row.recordKey = recordKey;
        return row;
    }

    private void set(int column, Object value) {
        values[column] = value;
        written.set(column);
        if (deltas != null) {
            deltas[column] = null;
        }
    }

    private void change(int column, Object added, List<Object> removedNow) {
        Elements elements = columns.get(column).elements();
        Collection<Object> removed = removedNow == null ? List.of() : removedNow;
        Object before = values[column];
        values[column] = elements.remove(elements.add(before, added), removed);
        boolean whole = written.get(column) ? !isPartial(column) : deletedFirst;
        if (!whole) {
            if (deltas == null) {
                deltas = new ElementDelta[values.length];
            }
            Set<Object> all = new LinkedHashSet<>(deltas[column] == null ? Set.of() : deltas[column].removed());
            all.removeAll(Set.copyOf(elements.names(added)));
            all.addAll(removed);
            deltas[column] = new ElementDelta(all);
        }
        written.set(column);
    }

    private void delete() {
        deletedFirst = true;
        inserted = false;
        renewed = false;
        written.clear();
        Arrays.fill(values, null);
        deltas = null;
        expiry = null;
    }

    private void expires(int column, Long atMillis) {
        if (atMillis != null || expiry != null) {
            expiry().set(column, atMillis);
        }
    }

    private void expiresInPart(int column, Long atMillis) {
        if (atMillis != null) {
            expiry().addInPart(column, atMillis);
        }
    }

    private Lifetimes expiry() {
        if (expiry == null) {
            expiry = new Lifetimes();
        }
        return expiry;
    }

    Object[] key() {
        return key;
    }

    /** The key's values, in the layout's order. */
    public Object key(int column) {
        return key[column];
    }

    /** The key of the last record about the row, null if it is not known. */
    public byte[] recordKey() {
        return recordKey;
    }

    /** The value of a column, or what is added to it; null also where it was not written. */
    public Object value(int column) {
        return values[column];
    }

    /** Whether a column was written, whole or in part. */
    public boolean isWritten(int column) {
        return written.get(column);
    }

    /** Whether only elements of the column change. */
    public boolean isPartial(int column) {
        return deltas != null && deltas[column] != null;
    }

    public boolean hasPartialColumns() {
        return deltas != null && Arrays.stream(deltas).anyMatch(delta -> delta != null);
    }

    /** The elements that are removed from a column of which only elements change; null otherwise. */
    public List<Object> removed(int column) {
        return isPartial(column) ? List.copyOf(deltas[column].removed()) : null;
    }

    /** When what was written expires; null if nothing of it does. */
    public Lifetimes expires() {
        return expiry;
    }

    /** Whether the row itself was inserted, rather than its columns written. */
    public boolean isInserted() {
        return inserted;
    }

    /** Whether it was inserted by a change that says when the row expires, rather than read. */
    public boolean isRenewed() {
        return renewed;
    }

    /** The columns to set from number {@code 64 * word} on, as a mask of 64 bits. */
    public long mask(int word) {
        if (outcome() == Outcome.REPLACE) {
            return -1L;
        }
        long[] words = written.toLongArray();
        return word < words.length ? words[word] : 0;
    }

    /** The columns of which only elements change, likewise. */
    public long partialMask(int word) {
        long mask = 0;
        for (int bit = 0; bit < Long.SIZE && word * Long.SIZE + bit < values.length; bit++) {
            if (isPartial(word * Long.SIZE + bit)) {
                mask |= 1L << bit;
            }
        }
        return mask;
    }

    /** Whether this is an insert or update that sets every column. */
    public boolean setsAll() {
        return switch (outcome()) {
            case REPLACE -> true;
            case UPSERT -> written.cardinality() == values.length && !hasPartialColumns();
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
