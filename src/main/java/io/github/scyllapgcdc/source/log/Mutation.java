package io.github.scyllapgcdc.source.log;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The rows of one mutation: those of a stream that have the same time. Most rows are a change each; the two rows of a range
 * delete are one, and a row that is logged without its values is one together with its postimage, which comes behind all
 * changes of the mutation.
 */
public final class Mutation {
    private final StreamId stream;
    private final UUID time;
    private final List<LogChange> changes = new ArrayList<>(1);
    private LogPosition position;
    private LogChange.RangeEnd rangeStart;
    private Map<List<ByteBuffer>, Object[]> postimages = Map.of();

    /** The mutation of which the decoder stands on the first row. */
    Mutation(LogDecoder row) {
        this.stream = row.stream();
        this.time = row.time();
    }

    public StreamId stream() {
        return stream;
    }

    /** Where its last row so far stands. */
    public LogPosition position() {
        return position;
    }

    /** Whether the decoder's row belongs to it, too. */
    boolean continuedBy(LogDecoder row) {
        return time.equals(row.time()) && stream.equals(row.stream());
    }

    /** Takes the decoder's row. */
    void take(LogDecoder row, long readMillis) {
        position = row.position();
        LogChange change = row.change(readMillis);
        if (change instanceof LogChange.RangeEnd end && !end.isStart()) {
            endRange(end, row.layout());
            return;
        }
        giveUpRange();
        if (change instanceof LogChange.RangeEnd start) {
            rangeStart = start;
        } else if (change instanceof LogChange.Postimage image) {
            if (postimages.isEmpty()) {
                postimages = new HashMap<>();
            }
            postimages.put(image.key(), image.values());
        } else if (!(change instanceof LogChange.Image)) {
            changes.add(change);
        }
    }

    /** What it changed, {@link LogChange.Change} or {@link LogChange.Undecodable}, once all its rows are taken. */
    public List<LogChange> changes() {
        return changes;
    }

    /** Says that no row of it will come any more. */
    Mutation complete() {
        giveUpRange();
        changes.removeIf(change -> change instanceof LogChange.KeyOnly keyOnly && isVoid(keyOnly));
        changes.replaceAll(change -> change instanceof LogChange.KeyOnly keyOnly ? withValues(keyOnly) : change);
        return this;
    }

    private void endRange(LogChange.RangeEnd end, LogLayout layout) {
        if (rangeStart == null) {
            changes.add(end.without("start"));
            return;
        }
        int partitionKeySize = layout.schema().partitionKeySize();
        Object[] key = new Object[layout.schema().keyColumns().size()];
        for (int i = 0; i < partitionKeySize; i++) {
            key[i] = layout.keyReaders[i].read(end.key().get(i));
        }
        changes.add(new LogChange.Change(
                new ChangeEvent(
                        layout.schema(),
                        Operation.DELETE,
                        key,
                        null,
                        new BitSet(),
                        new Range(rangeStart.bound(), end.bound()),
                        null,
                        end.source()),
                end.key().subList(0, partitionKeySize)));
        rangeStart = null;
    }

    /** A start without an end is not lost. */
    private void giveUpRange() {
        if (rangeStart != null) {
            changes.add(rangeStart.without("end"));
            rangeStart = null;
        }
    }

    /**
     * Whether nothing is left of a write because a delete of the same mutation took it with it: at equal timestamps deletes
     * win. There is no postimage then.
     */
    private boolean isVoid(LogChange.KeyOnly keyOnly) {
        ChangeEvent write = keyOnly.change().event();
        return !postimages.containsKey(keyOnly.key())
                && changes.stream()
                        .anyMatch(change -> change instanceof LogChange.Change other && deletes(other.event(), write));
    }

    /** Whether an event deletes what another wrote, or may: whether the row lies in a range is not looked at. */
    private static boolean deletes(ChangeEvent event, ChangeEvent write) {
        if (event.op() != Operation.DELETE) {
            return false;
        }
        return event.range() == null
                ? event.isPartitionDelete() || Arrays.equals(event.key(), write.key())
                : !write.isPartitionLevel();
    }

    private LogChange withValues(LogChange.KeyOnly keyOnly) {
        ChangeEvent event = keyOnly.change().event();
        Object[] values = postimages.get(keyOnly.key());
        if (values == null) {
            return new LogChange.Undecodable(
                    event.source().changeId(),
                    event.op() == Operation.CREATE ? LogOperation.INSERT : LogOperation.UPDATE,
                    keyOnly.key(),
                    "only its key is logged (cdc option 'delta': 'keys'), and its postimage is missing from the log");
        }
        // The TTL is of what was written, and which of the image's columns that is the log does not say
        return new LogChange.Change(
                new ChangeEvent(event.schema(), event.op(), event.key(), values, null, null, null, event.source()),
                keyOnly.change().partitionKey());
    }
}
