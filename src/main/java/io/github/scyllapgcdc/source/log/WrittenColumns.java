package io.github.scyllapgcdc.source.log;

import io.github.scyllapgcdc.event.ElementChanges;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * What a row of the log says of the columns it wrote. Of sets, maps and user types that are not frozen it has the elements
 * that were added ({@code v}) and removed ({@code cdc$deleted_elements_v}), to be applied in this order, and whether all
 * others were removed before ({@code cdc$deleted_v}). Of lists it has the cells by their time UUIDs, which a reader of the
 * table never sees: unless all others were removed, the list has to be read from the table.
 */
final class WrittenColumns {
    private final LogLayout layout;
    private final LogRow row;
    private final Object[] values;
    private final BitSet changed;
    private BitSet partial;
    private List<List<Object>> removed;
    private BitSet lists;

    WrittenColumns(LogLayout layout, LogRow row) {
        this.layout = layout;
        this.row = row;
        this.values = new Object[layout.value.length];
        this.changed = new BitSet(values.length);
    }

    void read(int column) {
        ByteBuffer bytes = row.cell(layout.value[column]);
        boolean whole = layout.isAtomic(column) || wiped(column);
        if (!whole && layout.list[column]) {
            if (bytes != null || row.cell(layout.deletedElements[column]) != null) {
                changed.set(column);
                lists = lists == null ? new BitSet() : lists;
                lists.set(column);
            }
            return;
        }
        Object value = bytes == null ? null : layout.valueReaders[column].read(bytes);
        if (!layout.isAtomic(column) && isEmpty(value)) {
            value = null;
        }
        values[column] = value;
        if (value != null || wiped(column)) {
            changed.set(column);
        }
        if (!whole) {
            readParts(column);
        }
    }

    /** Of a user type of which no field was set the log holds one whose fields are all null. */
    private static boolean isEmpty(Object value) {
        return value instanceof List<?> fields && fields.stream().allMatch(Objects::isNull);
    }

    @SuppressWarnings("unchecked") // what the readers of collections return
    private void readParts(int column) {
        ByteBuffer bytes = row.cell(layout.deletedElements[column]);
        if (bytes == null && !changed.get(column)) {
            return;
        }
        changed.set(column);
        if (partial == null) {
            partial = new BitSet();
            removed = new ArrayList<>(Collections.nCopies(values.length, null));
        }
        partial.set(column);
        if (bytes != null) {
            removed.set(column, (List<Object>) layout.removedReaders[column].read(bytes));
        }
    }

    private boolean wiped(int column) {
        return row.cell(layout.deleted[column]) != null;
    }

    Object[] values() {
        return values;
    }

    BitSet changed() {
        return changed;
    }

    /** Null if all columns were written whole. */
    ElementChanges elements() {
        return partial == null ? null : new ElementChanges(partial, removed);
    }

    /** The columns that have to be read from the table; null if there are none. */
    BitSet lists() {
        return lists;
    }
}
