package io.github.scyllapgcdc.progress;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * How far one table's source has come, from the records of its tasks. Only the tasks of the newest set count; of a table whose
 * number of tasks has just changed nothing is known until each of the new ones has spoken. Belongs to one thread.
 */
public final class TableProgress {
    private final Map<Integer, ProgressRecord.Watermark> watermarks = new HashMap<>();
    private final Map<Integer, ProgressRecord.Load> loads = new HashMap<>();
    private int tasks;

    TableProgress() {}

    /** Takes a record; they come in the order of the topic. */
    void apply(ProgressRecord progress) {
        tasks = progress.tasks();
        if (progress instanceof ProgressRecord.Watermark watermark) {
            watermarks.put(watermark.task(), watermark);
        } else if (progress instanceof ProgressRecord.Load load) {
            loads.put(load.task(), load);
        }
    }

    /**
     * Every change of the table that is older, exclusively, is committed in its topic; milliseconds since 1970. Empty while
     * not known of every task.
     */
    public OptionalLong watermark() {
        return least(ProgressRecord.Watermark::until);
    }

    /**
     * Every request of {@code cdc-refresh} before this offset is served, and the answers are committed in the table's topic.
     * Empty while not known of every task.
     */
    public OptionalLong refreshed() {
        return least(ProgressRecord.Watermark::refreshed);
    }

    private OptionalLong least(ToLongFunction<ProgressRecord.Watermark> field) {
        long least = Long.MAX_VALUE;
        for (int task = 0; task < tasks; task++) {
            ProgressRecord.Watermark ofTask = watermarks.get(task);
            if (ofTask == null || ofTask.tasks() != tasks) {
                return OptionalLong.empty();
            }
            least = Math.min(least, field.applyAsLong(ofTask));
        }
        return tasks == 0 ? OptionalLong.empty() : OptionalLong.of(least);
    }

    /** The last load of each task that ever had one, those of earlier and larger task sets included. */
    public Collection<ProgressRecord.Load> loads() {
        return loads.values();
    }

    /** Whether a task of the newest set is loading rows. */
    public boolean loading() {
        return loads.values().stream()
                .anyMatch(load -> load.tasks() == tasks && load.state() == ProgressRecord.Load.State.BEGUN);
    }
}
