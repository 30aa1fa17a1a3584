package io.github.scyllapgcdc.dev.standin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.cassandra.cql3.ColumnIdentifier;
import org.apache.cassandra.db.ColumnFamilyStore;
import org.apache.cassandra.db.RegularAndStaticColumns;
import org.apache.cassandra.schema.ColumnMetadata;
import org.apache.cassandra.schema.TableMetadata;

/** Where each column of a base table goes in its log table, worked out once a version of the schema. */
final class LogLayout {
    /**
     * The log columns of one base column.
     *
     * @param deletedElements null unless the base column is a collection or type that is not frozen
     */
    record LogColumn(ColumnMetadata value, ColumnMetadata deleted, ColumnMetadata deletedElements) {}

    final ColumnMetadata operation;
    final ColumnMetadata ttl;
    final ColumnMetadata endOfBatch;
    final List<ColumnMetadata> partitionKey;
    final List<ColumnMetadata> clustering;

    private final TableMetadata base;
    private final TableMetadata log;
    private final ColumnFamilyStore logStore;
    private final TableMetadata storeVersion;
    private final CdcOptions options;
    private final Map<ColumnIdentifier, LogColumn> columns = new HashMap<>();
    private volatile RegularAndStaticColumns lastKnown;

    LogLayout(TableMetadata base, TableMetadata log, ColumnFamilyStore logStore) {
        this.base = base;
        this.log = log;
        this.logStore = logStore;
        this.storeVersion = logStore.metadata();
        this.options = CdcSchema.optionsOf(base);
        this.operation = column(CdcSchema.OPERATION);
        this.ttl = column(CdcSchema.TTL);
        this.endOfBatch = column(CdcSchema.END_OF_BATCH);
        this.partitionKey = sameNames(base.partitionKeyColumns());
        this.clustering = sameNames(base.clusteringColumns());
        for (ColumnMetadata column : base.regularAndStaticColumns()) {
            String name = column.name.toString();
            columns.put(
                    column.name,
                    new LogColumn(
                            column(name), column(CdcSchema.DELETED + name), column(CdcSchema.DELETED_ELEMENTS + name)));
        }
    }

    private List<ColumnMetadata> sameNames(List<ColumnMetadata> baseColumns) {
        return baseColumns.stream()
                .map(column -> column(column.name.toString()))
                .toList();
    }

    private ColumnMetadata column(String name) {
        return log.getColumn(CdcSchema.identifier(name));
    }

    TableMetadata log() {
        return log;
    }

    ColumnFamilyStore logStore() {
        return logStore;
    }

    TableMetadata base() {
        return base;
    }

    CdcOptions options() {
        return options;
    }

    LogColumn of(ColumnMetadata baseColumn) {
        return columns.get(baseColumn.name);
    }

    /** False once the schema of the base table or its log has changed. Compares objects: a change makes new ones. */
    @SuppressWarnings("ReferenceEquality")
    boolean isFor(TableMetadata currentBase) {
        return base == currentBase && logStore.metadata() == storeVersion;
    }

    /** Whether the log has all these base columns. Statements of one shape share the object, so it is remembered. */
    @SuppressWarnings("ReferenceEquality")
    boolean knows(RegularAndStaticColumns written) {
        if (written == lastKnown) {
            return true;
        }
        boolean known = StreamSupport.stream(written.spliterator(), false).allMatch(c -> columns.containsKey(c.name));
        if (known) {
            lastKnown = written;
        }
        return known;
    }
}
