package io.github.scyllapgcdc.source.checkpoint;

import io.github.scyllapgcdc.event.TableId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** All checkpoints of one table, and what follows from them. Records are applied in the order of the topic. */
public final class CheckpointState {
    private final String table;
    private final SortedMap<Integer, CheckpointValue.Task> tasks = new TreeMap<>();
    private final Map<CheckpointKey.Watermark, Long> watermarks = new HashMap<>();
    private final Map<CheckpointKey.Group, CheckpointValue.Group> groups = new HashMap<>();
    private final Map<CheckpointKey.Load, CheckpointValue.Load> loads = new HashMap<>();
    /** By the number of tasks of a set, then by task. */
    private final Map<Integer, Map<Integer, Long>> refreshes = new HashMap<>();

    private CheckpointValue.Topic topic;

    public CheckpointState(TableId table) {
        this.table = table.toString();
    }

    /** Takes one record; those of other tables are left out. */
    public void apply(CheckpointRecord entry) {
        if (!entry.key().table().equals(table)) {
            return;
        }
        if (entry.value() instanceof CheckpointValue.Topic newTopic) {
            topic = newTopic;
        } else if (entry.key() instanceof CheckpointKey.Task key
                && entry.value() instanceof CheckpointValue.Task task) {
            tasks.put(key.task(), task);
        } else if (entry.key() instanceof CheckpointKey.Watermark key
                && entry.value() instanceof CheckpointValue.Watermark watermark) {
            watermarks.put(key, watermark.until());
        } else if (entry.key() instanceof CheckpointKey.Group key
                && entry.value() instanceof CheckpointValue.Group group) {
            groups.put(key, group);
        } else if (entry.key() instanceof CheckpointKey.Load key
                && entry.value() instanceof CheckpointValue.Load load) {
            loads.put(key, load);
        } else if (entry.key() instanceof CheckpointKey.Refresh key
                && entry.value() instanceof CheckpointValue.Refresh refresh) {
            refreshes.computeIfAbsent(key.tasks(), set -> new HashMap<>()).put(key.task(), refresh.offset());
        }
    }

    /** Whether the table was never published. */
    public boolean isEmpty() {
        return watermarks.isEmpty() && groups.isEmpty();
    }

    public Optional<CheckpointValue.Topic> topic() {
        return Optional.ofNullable(topic);
    }

    /** The last start of each task, by its number, those of earlier and larger task sets included. */
    public SortedMap<Integer, CheckpointValue.Task> tasks() {
        return tasks;
    }

    /** The last load of a task. */
    public Optional<CheckpointValue.Load> load(TaskShare share) {
        return Optional.ofNullable(loads.get(new CheckpointKey.Load(table, share.tasks(), share.task())));
    }

    /** Loads of other task sets that were not brought to an end; some of their groups are this set's now. */
    public List<CheckpointValue.Load> unfinishedLoadsOfOtherSets(int count) {
        return loads.entrySet().stream()
                .filter(e -> e.getKey().tasks() != count && !e.getValue().done())
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The load that published a group's rows, while it was under way. */
    public Optional<String> loadOf(long generation, int group) {
        return Optional.ofNullable(groups.get(new CheckpointKey.Group(table, generation, group)))
                .map(CheckpointValue.Group::load);
    }

    /** Whether anything was ever published of groups that are now this share's. */
    public boolean anythingOf(TaskShare share) {
        return groups.keySet().stream().anyMatch(key -> share.owns(key.group()))
                || watermarks.keySet().stream().anyMatch(key -> share.overlaps(new TaskShare(key.task(), key.tasks())));
    }

    /**
     * The first request to read rows again that may not have been served. None below the task's own position is left, nor one
     * below the positions of all tasks of any other set. Empty if none was ever looked at.
     */
    public OptionalLong refreshedUntil(TaskShare share) {
        Long own = refreshes.getOrDefault(share.tasks(), Map.of()).get(share.task());
        LongStream ofWholeSets = refreshes.entrySet().stream()
                .filter(set -> set.getValue().size() == set.getKey())
                .mapToLong(set -> Collections.min(set.getValue().values()));
        OptionalLong served = LongStream.concat(ofWholeSets, own == null ? LongStream.empty() : LongStream.of(own))
                .max();
        return served.isPresent()
                ? served
                : refreshes.values().stream() // of sets whose tasks have not all begun
                        .flatMap(set -> set.values().stream())
                        .mapToLong(Long::longValue)
                        .min();
    }

    /** Whether each of the table's tasks has last been started as one of so many. */
    public boolean taskSetComplete(int count) {
        for (int task = 0; task < count; task++) {
            CheckpointValue.Task last = tasks.get(task);
            if (last == null || last.tasks() != count) {
                return false;
            }
        }
        return true;
    }

    /** The newest generation that was begun, by its start; a generation is begun only when those before are finished. */
    public OptionalLong newestGeneration() {
        long newest = Long.MIN_VALUE;
        for (CheckpointKey.Watermark key : watermarks.keySet()) {
            newest = Math.max(newest, key.generation());
        }
        for (CheckpointKey.Group key : groups.keySet()) {
            newest = Math.max(newest, key.generation());
        }
        return newest == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(newest);
    }

    /** Whether a generation before this one was begun; this one is then read from its very start. */
    public boolean hasGenerationBefore(long generation) {
        return watermarks.keySet().stream().anyMatch(key -> key.generation() < generation)
                || groups.keySet().stream().anyMatch(key -> key.generation() < generation);
    }

    /**
     * Up to where everything of a group is published, milliseconds since 1970: what its own record says, or any watermark of
     * a task that owned it, since none of them ever stops being true.
     */
    public OptionalLong publishedUntil(long generation, int group) {
        long until = Long.MIN_VALUE;
        for (Map.Entry<CheckpointKey.Watermark, Long> entry : watermarks.entrySet()) {
            CheckpointKey.Watermark key = entry.getKey();
            if (key.generation() == generation && TaskShare.owns(key.task(), key.tasks(), group)) {
                until = Math.max(until, entry.getValue());
            }
        }
        CheckpointValue.Group record = groups.get(new CheckpointKey.Group(table, generation, group));
        if (record != null) {
            until = Math.max(until, record.from());
        }
        return until == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(until);
    }

    /** The watermark of a task, milliseconds since 1970. */
    public OptionalLong watermark(long generation, TaskShare share) {
        Long until = watermarks.get(new CheckpointKey.Watermark(table, generation, share.tasks(), share.task()));
        return until == null ? OptionalLong.empty() : OptionalLong.of(until);
    }

    /** The positions of a group's streams inside the window it was last seen in. */
    public Map<String, CheckpointValue.Position> positions(long generation, int group) {
        CheckpointValue.Group record = groups.get(new CheckpointKey.Group(table, generation, group));
        return record == null ? Map.of() : record.positions();
    }

    /** Whether all of so many tasks have published everything of a generation that is older than a time. */
    public boolean allTasksPast(long generation, int count, long millis) {
        for (int task = 0; task < count; task++) {
            Long until = watermarks.get(new CheckpointKey.Watermark(table, generation, count, task));
            if (until == null || until < millis) {
                return false;
            }
        }
        return true;
    }
}
