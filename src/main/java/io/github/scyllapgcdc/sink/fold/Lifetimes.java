package io.github.scyllapgcdc.sink.fold;

import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** When a row's columns, or the row itself, expire. */
public final class Lifetimes {
    /** Stands for the row itself among column numbers. */
    public static final int ROW = -1;
    /** Stands for the row itself after it was read, which does not tell when it expires: then its source is asked. */
    public static final int ASK = -2;

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

    /** The row was read, after it had been written with what is set here. */
    void read() {
        Long at = whole.remove(ROW);
        if (at != null) {
            whole.put(ASK, at);
        }
    }

    void addInPart(int column, long atMillis) {
        parts.computeIfAbsent(column, c -> new TreeSet<>()).add(atMillis);
    }

    public boolean isEmpty() {
        return whole.isEmpty() && parts.isEmpty();
    }

    /** Columns that expire as a whole, {@link #ROW} and {@link #ASK} among them, and when; milliseconds since 1970. */
    public void forEachWhole(BiConsumer<Integer, Long> action) {
        whole.forEach(action);
    }

    /** Columns of which some elements expire, and when. */
    public void forEachPart(BiConsumer<Integer, Long> action) {
        parts.forEach((column, times) -> times.forEach(time -> action.accept(column, time)));
    }
}
