package io.github.scyllapgcdc.source.checkpoint;

import io.github.scyllapgcdc.source.log.LogPosition;
import io.github.scyllapgcdc.source.log.LogTime;
import io.github.scyllapgcdc.source.log.StreamId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How far one stream group is read. Belongs to one thread. */
final class GroupProgress {
    private final int group;
    private final List<StreamId> streams;
    private final Map<StreamId, LogPosition> positions = new HashMap<>();
    private long from;
    private boolean onRecord;
    private String load;

    /**
     * A group.
     *
     * @param onRecord whether it is known that everything before {@code from} was published
     */
    GroupProgress(int group, List<StreamId> streams, long from, boolean onRecord) {
        this.group = group;
        this.streams = List.copyOf(streams);
        this.from = from;
        this.onRecord = onRecord;
    }

    int group() {
        return group;
    }

    List<StreamId> streams() {
        return streams;
    }

    /** Everything older is read; milliseconds since 1970. */
    long from() {
        return from;
    }

    /** The group's rows are published, as they were at {@code since} or later; it is read from the log from there on. */
    void loaded(String newLoad, long since) {
        positions.clear();
        from = since;
        onRecord = true;
        load = newLoad;
    }

    /** Which load published the group's rows, while that load is under way; or null. */
    void ofLoad(String current) {
        load = current;
    }

    boolean onRecord() {
        return onRecord;
    }

    /** Takes positions as they were committed; those that {@link #from} covers are of no use. */
    void restore(Map<String, CheckpointValue.Position> committed) {
        committed.forEach((stream, position) -> {
            LogPosition at = new LogPosition(UUID.fromString(position.time()), position.sequence());
            if (LogTime.millis(at.time()) >= from) {
                positions.put(new StreamId(stream), at);
            }
        });
    }

    void advance(StreamId stream, LogPosition position) {
        positions.put(stream, position);
    }

    /** Everything older than {@code until} is read. */
    void windowDone(long until) {
        onRecord = true;
        if (until > from) {
            from = until;
            positions.clear();
        }
    }

    /** Where a stream is read on from, exclusively. */
    UUID after(StreamId stream) {
        LogPosition position = positions.get(stream);
        UUID boundary = LogTime.before(from);
        return position == null || LogTime.compare(position.time(), boundary) < 0 ? boundary : position.time();
    }

    boolean hasPositions() {
        return !positions.isEmpty();
    }

    CheckpointValue.Group record(long until) {
        Map<String, CheckpointValue.Position> written = new HashMap<>();
        positions.forEach((stream, position) -> written.put(
                stream.hex(), new CheckpointValue.Position(position.time().toString(), position.sequence())));
        return new CheckpointValue.Group(from, until, written, load);
    }
}
