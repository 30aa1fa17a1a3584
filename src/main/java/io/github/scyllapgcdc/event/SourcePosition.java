package io.github.scyllapgcdc.event;

/**
 * Where and when a change was made.
 *
 * @param tsMicros the write's timestamp, microseconds since 1970
 * @param streamId the log's stream, which orders the changes of one partition key
 * @param changeId names the change in headers, dead letters, logs and traces: {@code <stream>:<time>:<sequence>}
 * @param readMillis when the source read it, milliseconds since 1970
 */
public record SourcePosition(long tsMicros, String streamId, String changeId, long readMillis) {}
