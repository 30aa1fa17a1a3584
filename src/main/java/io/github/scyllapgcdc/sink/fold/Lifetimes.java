package io.github.scyllapgcdc.sink.fold;

import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** When a row's columns, or the row itself, expire. */
public final class Lifetimes {
    /** Stands for the row itself among column numbers. */
    public static final int ROW = -1;

    private final TreeMap<Integer, Long> whole = new TreeMap<>();
    private final TreeMap<Integer, TreeSet<Long>> parts = new TreeMap<>();

    /** Null: never. */
    void set(int column, Long atMillis) {
        if (atMillis == null) {
            whole.remove(column);
        } else {
            whole.put(column, atMillis);
        }
    }

    void addInPart(int column, long atMillis) {
        parts.computeIfAbsent(column, c -> new TreeSet<>()).add(atMillis);
    }

    public boolean isEmpty() {
        return whole.isEmpty() && parts.isEmpty();
    }

    /** Columns that expire as a whole, {@link #ROW} among them, and when; milliseconds since 1970. */
    public void forEachWhole(BiConsumer<Integer, Long> action) {
        whole.forEach(action);
    }

    /** Columns of which some elements expire, and when. */
    public void forEachPart(BiConsumer<Integer, Long> action) {
        parts.forEach((column, times) -> times.forEach(time -> action.accept(column, time)));
    }
}
