package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import io.github.scyllapgcdc.config.Snapshot;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.checkpoint.TaskShare;
import java.time.Duration;

/**
 * How one source route works: the application's configuration with what the route's address overrides.
 *
 * @param table whose log is read
 * @param share which of the table's tasks this is
 * @param batchSize most changes of one Kafka transaction, but for a mutation that has more by itself
 * @param batchBytes most bytes of one Kafka transaction, likewise
 * @param batchLinger how long a begun batch waits for the next page
 * @param pollInterval pause between windows that had nothing new
 * @param confidenceWindow nothing newer than now minus this is final
 * @param maxClockSkew how far Scylla's clocks may be from ours
 * @param readParallelism log queries under way at once
 * @param pageSize log rows of one page
 * @param consistency of the log's queries
 * @param snapshot whether rows that were there before are loaded
 * @param onLoss what to do when changes were lost outside
 */
public record SourceOptions(
        TableId table,
        TaskShare share,
        int batchSize,
        int batchBytes,
        Duration batchLinger,
        Duration pollInterval,
        Duration confidenceWindow,
        Duration maxClockSkew,
        int readParallelism,
        int pageSize,
        ConsistencyLevel consistency,
        Snapshot snapshot,
        LossPolicy onLoss) {

    /** The id under which this task's producer runs, and no other. */
    public String transactionalId() {
        return transactionalId(share.task());
    }

    /** The id of another task of the table. */
    public String transactionalId(int task) {
        return "scylla-source-" + table + '-' + task;
    }
}
