package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.source.load.RowEvents;
import io.github.scyllapgcdc.source.log.LogChange;
import java.nio.ByteBuffer;
import java.util.List;

/** Puts the records of rows that were read from the table into a batch. */
final class RowRecords implements RowEvents.Target {
    private final RecordFactory records;
    private final Batch batch;

    RowRecords(RecordFactory records, Batch batch) {
        this.records = records;
        this.batch = batch;
    }

    @Override
    public void change(LogChange.Change change) {
        batch.add(records.change(change));
    }

    @Override
    public void unreadable(String changeId, List<ByteBuffer> key, String reason) {
        batch.add(records.unreadable(changeId, key, reason));
    }
}
