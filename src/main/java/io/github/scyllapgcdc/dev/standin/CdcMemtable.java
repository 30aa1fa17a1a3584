package io.github.scyllapgcdc.dev.standin;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.cassandra.db.CassandraWriteContext;
import org.apache.cassandra.db.ColumnFamilyStore;
import org.apache.cassandra.db.Mutation;
import org.apache.cassandra.db.commitlog.CommitLog;
import org.apache.cassandra.db.commitlog.CommitLogPosition;
import org.apache.cassandra.db.memtable.Memtable;
import org.apache.cassandra.db.memtable.SkipListMemtable;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.index.transactions.UpdateTransaction;
import org.apache.cassandra.schema.Schema;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.utils.concurrent.OpOrder;

/**
 * The memtable of tables with CDC: before a write goes in, its log rows are written.
 *
 * <p>Why here: every write of any kind passes exactly once as what is really stored – a lightweight transaction with the
 * timestamp of its ballot and only when it was applied, each partition of a batch after merging – which a trigger, called
 * before all that, does not see. It is also passed when the commit log is replayed. Log rows are a function of the write
 * (see {@link LogRows}), so a process that was killed between a write and its log rows makes them then, and one that was
 * killed after both writes the same rows over themselves. Images are not: {@link ReplayedLog} has what is done then.
 */
public final class CdcMemtable extends SkipListMemtable {
    /** The name of this memtable in cassandra.yaml, and its value in a table's schema. */
    static final String CONFIGURATION = "scylla_cdc";

    /** Read by Cassandra through reflection. */
    public static final Memtable.Factory FACTORY = CdcMemtable::new;

    private volatile LogLayout layout;

    private CdcMemtable(
            AtomicReference<CommitLogPosition> commitLogLowerBound, TableMetadataRef metadataRef, Owner owner) {
        super(commitLogLowerBound, metadataRef, owner);
    }

    @Override
    public long put(PartitionUpdate update, UpdateTransaction indexer, OpOrder.Group opGroup) {
        LogLayout current = layoutFor(update);
        if (current != null) {
            log(current, update, opGroup);
        }
        return super.put(update, indexer, opGroup);
    }

    private static void log(LogLayout layout, PartitionUpdate update, OpOrder.Group opGroup) {
        boolean hasImages = layout.options().hasImages();
        boolean later = hasImages && ReplayedLog.isReplaying();
        PartitionUpdate rows = LogRows.of(update, layout, StreamGeneration.inUse(), hasImages && !later);
        if (rows == null) {
            return;
        }
        if (later) {
            ReplayedLog.add(rows);
            return;
        }
        CommitLogPosition position = CommitLog.instance.add(new Mutation(rows));
        // In the write's own group and not through Mutation.apply(): a group of its own could wait for memory that a
        // flush frees, while that flush waits for this write's group to end.
        layout.logStore().apply(rows, new CassandraWriteContext(opGroup, position), false);
    }

    /** The layout of the log for this write, or null when CDC is not enabled. */
    private LogLayout layoutFor(PartitionUpdate update) {
        TableMetadata base = metadata();
        LogLayout current = layout;
        if (current == null || !current.isFor(base) || !current.knows(update.columns())) {
            // A schema change sets the base's and the log's metadata one after the other, hence from the schema as a
            // whole.
            TableMetadata latest = Schema.instance.getTableMetadata(base.keyspace, base.name);
            if (latest == null || !CdcSchema.optionsOf(latest).enabled()) {
                return null;
            }
            TableMetadata log = Schema.instance.getTableMetadata(base.keyspace, CdcSchema.logName(base.name));
            ColumnFamilyStore store = log == null ? null : ColumnFamilyStore.getIfExists(log.id);
            if (store == null) {
                return null; // CDC is being switched on at this moment
            }
            current = new LogLayout(latest, log, store);
            layout = current;
        }
        return current;
    }
}
