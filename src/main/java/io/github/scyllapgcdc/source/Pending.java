package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.source.log.LogPosition;
import io.github.scyllapgcdc.source.log.StreamId;
import java.util.ArrayList;
import java.util.List;

/** The records of a mutation whose last row has not come yet; its rows may be spread over pages. */
final class Pending {
    private final List<Outgoing> records = new ArrayList<>();
    private StreamId stream;
    private LogPosition position;

    boolean isEmpty() {
        return position == null;
    }

    /** Whether a row continues the mutation. */
    boolean continuedBy(StreamId nextStream, LogPosition next) {
        return position.time().equals(next.time()) && stream.equals(nextStream);
    }

    /** Takes a row, with its record if it has one. */
    void take(StreamId rowStream, LogPosition rowPosition, Outgoing record) {
        stream = rowStream;
        position = rowPosition;
        if (record != null) {
            records.add(record);
        }
    }

    List<Outgoing> records() {
        return records;
    }

    StreamId stream() {
        return stream;
    }

    LogPosition position() {
        return position;
    }

    void clear() {
        records.clear();
        position = null;
    }
}
