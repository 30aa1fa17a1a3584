package io.github.scyllapgcdc.source.checkpoint;

import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.log.LogPosition;
import io.github.scyllapgcdc.source.log.LogTime;
import io.github.scyllapgcdc.source.log.ReadUnit;
import io.github.scyllapgcdc.source.log.StreamId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How far a task has read its groups of one generation, window by window, and the checkpoint records that say so.
 *
 * <p>A batch that ends inside a window carries a record of each group it touched; one that completes a window carries the
 * task's watermark alone, which covers every group. After a restart a group begins at the newest thing that any record says
 * of it. Groups that a load has not reached yet are not read from the log, and as long as there are any there is no watermark:
 * the others are then on record each by itself. Belongs to one thread.
 */
public final class TaskProgress {
    /** Scylla and Cassandra refuse queries of more than 100 partition keys unless told otherwise. */
    private static final int STREAMS_PER_QUERY = 50;

    private final TableId table;
    private final long generation;
    private final TaskShare share;
    private final CheckpointValue.Load load;
    private final List<GroupProgress> groups = new ArrayList<>();
    private final SortedMap<Integer, GroupProgress> toLoad = new TreeMap<>();
    private final Map<StreamId, GroupProgress> byStream = new HashMap<>();
    /** Where a task without groups has come: it has nothing to read, but the generation barrier asks all tasks. */
    private long idleUntil;

    private final Set<GroupProgress> touched = new TreeSet<>(Comparator.comparingInt(GroupProgress::group));

    /**
     * The progress that the committed checkpoints tell of.
     *
     * @param generation the generation's start, milliseconds since 1970
     * @param streams every group of the generation, by its number; the share's own are taken
     * @param first where a group begins that no record mentions, milliseconds since 1970
     * @param load the load that is under way, or null
     */
    public TaskProgress(
            TableId table,
            long generation,
            TaskShare share,
            Map<Integer, List<StreamId>> streams,
            CheckpointState committed,
            long first,
            CheckpointValue.Load load) {
        this.load = load;
        this.table = table;
        this.generation = generation;
        this.share = share;
        this.idleUntil = committed.watermark(generation, share).orElse(first);
        streams.forEach((group, ofGroup) -> {
            if (share.owns(group)) {
                OptionalLong until = committed.publishedUntil(generation, group);
                boolean onRecord = until.isPresent() || committed.hasGenerationBefore(generation);
                GroupProgress progress = new GroupProgress(group, ofGroup, until.orElse(first), onRecord);
                progress.restore(committed.positions(generation, group));
                if (load == null) {
                    groups.add(progress);
                } else if (committed.loadOf(generation, group).equals(Optional.of(load.id()))
                        || (!load.reload() && until.isPresent())) {
                    progress.ofLoad(load.id());
                    groups.add(progress);
                } else {
                    toLoad.put(group, progress);
                }
                ofGroup.forEach(stream -> byStream.put(stream, progress));
            }
        });
    }

    public long generation() {
        return generation;
    }

    /** Up to where everything of all groups is read, milliseconds since 1970; the largest number while all are to be loaded. */
    public long readUntil() {
        if (byStream.isEmpty()) {
            return idleUntil;
        }
        return groups.stream().mapToLong(GroupProgress::from).min().orElse(Long.MAX_VALUE);
    }

    /**
     * Up to where the groups that were read before are read; the largest number if there are none. What is newer must still
     * be in the log, or changes are lost; a group that was never read may begin wherever the log does.
     */
    public long onRecordUntil() {
        return groups.stream()
                .filter(GroupProgress::onRecord)
                .mapToLong(GroupProgress::from)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * What to read for a window that ends, exclusively, at {@code until}.
     *
     * @param together whether the streams of a group may share a query, which suits windows with few changes
     */
    public List<ReadUnit> units(long until, boolean together) {
        List<ReadUnit> units = new ArrayList<>();
        for (GroupProgress group : groups) {
            if (group.from() >= until) {
                continue;
            }
            if (together && !group.hasPositions()) {
                List<StreamId> streams = group.streams();
                UUID after = LogTime.before(group.from());
                for (int i = 0; i < streams.size(); i += STREAMS_PER_QUERY) {
                    units.add(new ReadUnit(streams.subList(i, Math.min(streams.size(), i + STREAMS_PER_QUERY)), after));
                }
            } else {
                group.streams().forEach(stream -> units.add(new ReadUnit(List.of(stream), group.after(stream))));
            }
        }
        return units;
    }

    /** A stream's changes are in the batch up to and with this row, the last of its mutation. */
    public void advance(StreamId stream, LogPosition position) {
        GroupProgress group = byStream.get(stream);
        group.advance(stream, position);
        touched.add(group);
    }

    /** The groups whose rows are still to be loaded, in order. */
    public List<Integer> toLoad() {
        return List.copyOf(toLoad.keySet());
    }

    /** Whether groups are still to be loaded. */
    public boolean loading() {
        return !toLoad.isEmpty();
    }

    /** The record for the batch that has the last of a group's rows. */
    public CheckpointRecord loadedRecord(int group, long since) {
        return record(group, new CheckpointValue.Group(since, since, Map.of(), load.id()));
    }

    /** That batch is committed: from now on the group is read from the log. */
    public void loaded(int group, long since) {
        GroupProgress progress = toLoad.remove(group);
        progress.loaded(load.id(), since);
        groups.add(progress);
    }

    /** All groups of the task. */
    public List<Integer> groups() {
        return Stream.concat(groups.stream().map(GroupProgress::group), toLoad.keySet().stream())
                .toList();
    }

    /** How far the groups have come that are loaded already, one record each. */
    public List<CheckpointRecord> groupsUntil(long until) {
        touched.clear();
        return groups.stream().map(g -> record(g.group(), g.record(until))).toList();
    }

    private CheckpointRecord record(int group, CheckpointValue.Group value) {
        return new CheckpointRecord(new CheckpointKey.Group(table.toString(), generation, group), value);
    }

    /** The records of a batch that ends inside the window, or that ends it while there is no watermark. */
    public List<CheckpointRecord> insideWindow(long until) {
        List<CheckpointRecord> records = new ArrayList<>(touched.size());
        for (GroupProgress group : touched) {
            records.add(record(group.group(), group.record(until)));
        }
        touched.clear();
        return records;
    }

    /** Everything of the window is in this batch or an earlier one. */
    public void windowDone(long until) {
        idleUntil = Math.max(idleUntil, until);
        groups.forEach(group -> group.windowDone(until));
    }

    /** The record that says how far all groups have come; only while none is to be loaded. */
    public CheckpointRecord watermark(long until) {
        touched.clear();
        return new CheckpointRecord(
                new CheckpointKey.Watermark(table.toString(), generation, share.tasks(), share.task()),
                new CheckpointValue.Watermark(until));
    }
}
