package io.github.scyllapgcdc.source.log;

import java.util.List;
import java.util.UUID;

/**
 * What one query of a window reads: streams that are read from the same place on. Each stream's rows come together and in
 * order.
 *
 * @param streams one stream, or several that live on the same nodes
 * @param after read what is newer than this, exclusively
 */
public record ReadUnit(List<StreamId> streams, UUID after) {}
