package io.github.scyllapgcdc.dev.standin;

import java.util.Optional;
import org.apache.cassandra.audit.AuditLogContext;
import org.apache.cassandra.cql3.CQLStatement;
import org.apache.cassandra.cql3.QueryOptions;
import org.apache.cassandra.cql3.statements.schema.AlterSchemaStatement;
import org.apache.cassandra.cql3.statements.schema.AlterTableStatement;
import org.apache.cassandra.cql3.statements.schema.CreateTableStatement;
import org.apache.cassandra.cql3.statements.schema.DropTableStatement;
import org.apache.cassandra.db.ColumnFamilyStore;
import org.apache.cassandra.exceptions.InvalidRequestException;
import org.apache.cassandra.schema.KeyspaceMetadata;
import org.apache.cassandra.schema.Keyspaces;
import org.apache.cassandra.schema.Schema;
import org.apache.cassandra.schema.SchemaConstants;
import org.apache.cassandra.schema.SchemaTransformation.SchemaTransformationResult;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.Tables;
import org.apache.cassandra.service.ClientState;
import org.apache.cassandra.service.QueryState;
import org.apache.cassandra.transport.Dispatcher;
import org.apache.cassandra.transport.Event.SchemaChange;
import org.apache.cassandra.transport.messages.ResultMessage;

/**
 * CREATE, ALTER or DROP TABLE, and in the same schema change what CDC makes of it. One change for both, so that no write sees a
 * base table whose log table is missing or lacks a column.
 */
final class CdcTableStatement implements CQLStatement {
    private final AlterSchemaStatement statement;
    private final Optional<CdcOptions> options;
    private final String keyspace;
    private final String table;

    CdcTableStatement(AlterSchemaStatement statement, Optional<CdcOptions> options) {
        this.statement = statement;
        this.options = options;
        AuditLogContext names = statement.getAuditLogContext();
        this.keyspace = names.keyspace;
        this.table = names.scope;
    }

    /** Whether {@code statement} is one that this class completes. */
    static boolean concerns(CQLStatement statement) {
        return statement instanceof CreateTableStatement
                || statement instanceof AlterTableStatement
                || statement instanceof DropTableStatement;
    }

    @Override
    public void authorize(ClientState state) {
        statement.authorize(state);
    }

    @Override
    public void validate(ClientState state) {
        statement.validate(state);
    }

    @Override
    public AuditLogContext getAuditLogContext() {
        return statement.getAuditLogContext();
    }

    @Override
    public ResultMessage executeLocally(QueryState state, QueryOptions queryOptions) {
        return execute();
    }

    @Override
    public ResultMessage execute(QueryState state, QueryOptions queryOptions, Dispatcher.RequestTime requestTime) {
        return execute();
    }

    private ResultMessage execute() {
        if (SchemaConstants.isSystemKeyspace(keyspace)) {
            throw new InvalidRequestException("System keyspace '" + keyspace + "' is not user-modifiable");
        }
        SchemaTransformationResult result =
                Schema.instance.transform(before -> withCdc(before, statement.apply(before)));
        if (result.diff.isEmpty()) {
            return new ResultMessage.Void();
        }
        if (options.isPresent() && statement instanceof AlterTableStatement) {
            // Writes from before CDC was switched on must not come back from the commit log: replay would log them.
            ColumnFamilyStore.getIfExists(keyspace, table)
                    .forceBlockingFlush(ColumnFamilyStore.FlushReason.INTERNALLY_FORCED);
        }
        return new ResultMessage.SchemaChange(new SchemaChange(change(), SchemaChange.Target.TABLE, keyspace, table));
    }

    private SchemaChange.Change change() {
        if (statement instanceof CreateTableStatement) {
            return SchemaChange.Change.CREATED;
        }
        return statement instanceof DropTableStatement ? SchemaChange.Change.DROPPED : SchemaChange.Change.UPDATED;
    }

    private Keyspaces withCdc(Keyspaces before, Keyspaces after) {
        TableMetadata was = before.getNullable(keyspace) == null
                ? null
                : before.getNullable(keyspace).getTableNullable(table);
        KeyspaceMetadata current = after.getNullable(keyspace);
        TableMetadata base = current == null ? null : current.getTableNullable(table);
        if (base == null) {
            return was == null ? after : after.withAddedOrUpdated(current.withSwapped(dropped(was, current.tables)));
        }
        boolean exists = statement instanceof CreateTableStatement && was != null;
        if (options.isPresent() && !exists) {
            base = CdcSchema.withOptions(base, options.get());
        }
        if (!CdcSchema.optionsOf(base).enabled()) {
            return after.withAddedOrUpdated(current.withSwapped(current.tables.withSwapped(base)));
        }
        Tables tables = current.tables.withSwapped(base);
        TableMetadata oldLog = tables.getNullable(CdcSchema.logName(table));
        TableMetadata log = CdcSchema.logOf(base, oldLog);
        tables = oldLog == null ? tables.with(log) : tables.withSwapped(log);
        return after.withAddedOrUpdated(current.withSwapped(tables));
    }

    /** A base table takes its log with it; a log cannot go alone. */
    private static Tables dropped(TableMetadata was, Tables tables) {
        if (was.name.endsWith(CdcSchema.LOG_SUFFIX)) {
            String base = was.name.substring(0, was.name.length() - CdcSchema.LOG_SUFFIX.length());
            TableMetadata owner = tables.getNullable(base);
            if (owner != null && CdcSchema.optionsOf(owner).enabled()) {
                throw new InvalidRequestException(
                        "Cannot drop CDC log table " + was + ": disable CDC on " + base + " first");
            }
        }
        boolean hadLog = was.params.extensions.containsKey(CdcOptions.EXTENSION)
                && tables.getNullable(CdcSchema.logName(was.name)) != null;
        return hadLog ? tables.without(CdcSchema.logName(was.name)) : tables;
    }
}
