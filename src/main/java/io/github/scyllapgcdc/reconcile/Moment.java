package io.github.scyllapgcdc.reconcile;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * When ScyllaDB was read, or began to be.
 *
 * @param millis a read that ended by then is of this moment or older, milliseconds since 1970
 * @param ends where the table's topic ended before the read began: every change that the read did not see comes behind
 */
record Moment(long millis, Map<TopicPartition, Long> ends) {
    /** The same beginning, and an end that is now. */
    Moment until(long nowMillis) {
        return new Moment(nowMillis, ends);
    }
}
