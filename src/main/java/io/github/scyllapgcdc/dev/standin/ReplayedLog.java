package io.github.scyllapgcdc.dev.standin;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.cassandra.db.Clustering;
import org.apache.cassandra.db.Mutation;
import org.apache.cassandra.db.ReadExecutionController;
import org.apache.cassandra.db.SinglePartitionReadCommand;
import org.apache.cassandra.db.partitions.PartitionIterator;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.utils.FBUtilities;

/**
 * Log rows of writes that the commit log's replay repeats, of tables with images. The images of such a write cannot be made
 * again, since the rows may be newer by now; nor can its deltas simply be written again, since images have a part in numbering
 * them. So they are kept until the replay is over, and written, without images, when the replay did not bring the log rows too:
 * those of a write on which the process was killed before it had logged it.
 */
final class ReplayedLog {
    private static final Queue<PartitionUpdate> WAITING = new ConcurrentLinkedQueue<>();
    private static volatile boolean replaying = true;

    private ReplayedLog() {}

    /** True until the commit log has been replayed at the start of the process. */
    static boolean isReplaying() {
        return replaying;
    }

    /** Keeps the log rows of one write, made without images. */
    static void add(PartitionUpdate rows) {
        WAITING.add(rows);
    }

    /** Writes what is missing. Must be called after the replay and before clients are served. */
    static void complete() {
        replaying = false;
        for (PartitionUpdate rows; (rows = WAITING.poll()) != null; ) {
            if (!isLogged(rows)) {
                new Mutation(rows).apply();
            }
        }
    }

    /** All log rows of a write are one mutation, so its first row tells. */
    private static boolean isLogged(PartitionUpdate rows) {
        Clustering<?> first = rows.iterator().next().clustering();
        SinglePartitionReadCommand command = SinglePartitionReadCommand.create(
                rows.metadata(), FBUtilities.nowInSeconds(), rows.partitionKey(), first);
        try (ReadExecutionController controller = command.executionController();
                PartitionIterator found = command.executeInternal(controller)) {
            return found.hasNext();
        }
    }
}
