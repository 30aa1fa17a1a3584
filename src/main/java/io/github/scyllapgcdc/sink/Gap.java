package io.github.scyllapgcdc.sink;

import org.apache.kafka.common.TopicPartition;

/**
 * Records that are gone before they were applied.
 *
 * @param group the consumer group that misses them
 * @param partition where they were
 * @param beginning what is left of them, and of which topic
 * @param what what happened, for people
 */
record Gap(String group, TopicPartition partition, Fence.Position beginning, String what) {}
