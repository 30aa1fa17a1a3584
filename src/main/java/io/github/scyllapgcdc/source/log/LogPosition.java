package io.github.scyllapgcdc.source.log;

import java.util.UUID;

/**
 * How far a stream has been read: everything up to and with this log row.
 *
 * @param time {@code cdc$time}
 * @param sequence {@code cdc$batch_seq_no}; always of the last row of its time, since batches are cut only there
 */
public record LogPosition(UUID time, int sequence) {}
