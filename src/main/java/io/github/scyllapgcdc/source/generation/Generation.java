package io.github.scyllapgcdc.source.generation;

import io.github.scyllapgcdc.source.log.StreamId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A generation of the log: a time span with a fixed set of streams.
 *
 * @param start milliseconds since 1970
 * @param groups the streams by group: those of one vnode of the token ring, or of the whole table where it uses tablets
 * @param skipped the start of the generation before, if that one was given up unfinished
 */
public record Generation(long start, Map<Integer, List<StreamId>> groups, OptionalLong skipped) {}
