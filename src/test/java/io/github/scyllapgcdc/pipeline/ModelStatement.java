package io.github.scyllapgcdc.pipeline;

import java.util.Set;

/**
 * A statement of the model.
 *
 * @param partitions the partition keys it may write, in the form of {@link ModelRow#partition}
 * @param ttlSeconds the longest TTL in it, 0 for none
 */
record ModelStatement(String cql, Set<String> partitions, int ttlSeconds) {}
