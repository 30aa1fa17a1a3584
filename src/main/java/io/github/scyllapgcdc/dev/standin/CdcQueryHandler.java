package io.github.scyllapgcdc.dev.standin;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.cassandra.cql3.BatchQueryOptions;
import org.apache.cassandra.cql3.CQLStatement;
import org.apache.cassandra.cql3.QueryHandler;
import org.apache.cassandra.cql3.QueryOptions;
import org.apache.cassandra.cql3.QueryProcessor;
import org.apache.cassandra.cql3.statements.BatchStatement;
import org.apache.cassandra.cql3.statements.schema.AlterSchemaStatement;
import org.apache.cassandra.exceptions.InvalidRequestException;
import org.apache.cassandra.service.ClientState;
import org.apache.cassandra.service.QueryState;
import org.apache.cassandra.transport.Dispatcher;
import org.apache.cassandra.transport.messages.ResultMessage;
import org.apache.cassandra.utils.MD5Digest;

/** Cassandra's own handler of statements, taught {@code cdc = {…}} of CREATE and ALTER TABLE. */
public final class CdcQueryHandler implements QueryHandler {
    private static final Pattern TABLE_STATEMENT = Pattern.compile(
            "(?:\\s|--[^\\n]*\\n|//[^\\n]*\\n|/\\*.*?\\*/)*(?:create|alter)\\s+(?:table|columnfamily)\\b",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern CDC_OPTION =
            Pattern.compile("\\bcdc\\s*=\\s*\\{([^{}]*)\\}", Pattern.CASE_INSENSITIVE);
    /** Cassandra has an option of this name, too, which says what it does anyway. */
    private static final String CASSANDRAS_DEFAULT = "cdc = false";

    private final QueryProcessor cassandra = QueryProcessor.instance;

    @Override
    public CQLStatement parse(String query, QueryState state, QueryOptions options) {
        Matcher cdc = cdcOption(query);
        if (cdc == null) {
            return withCdc(cassandra.parse(query, state, options), Optional.empty());
        }
        CdcOptions cdcOptions;
        try {
            cdcOptions = CdcOptions.parse(cdc.group(1));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage());
        }
        String rest = query.substring(0, cdc.start()) + CASSANDRAS_DEFAULT + query.substring(cdc.end());
        return withCdc(cassandra.parse(rest, state, options), Optional.of(cdcOptions));
    }

    /** A match of the option, or null when {@code query} has none. */
    private static Matcher cdcOption(String query) {
        if (!TABLE_STATEMENT.matcher(query).lookingAt()) {
            return null;
        }
        Matcher cdc = CDC_OPTION.matcher(query);
        return cdc.find() ? cdc : null;
    }

    private static CQLStatement withCdc(CQLStatement statement, Optional<CdcOptions> options) {
        return CdcTableStatement.concerns(statement)
                ? new CdcTableStatement((AlterSchemaStatement) statement, options)
                : statement;
    }

    @Override
    public ResultMessage process(
            CQLStatement statement,
            QueryState state,
            QueryOptions options,
            Map<String, ByteBuffer> payload,
            Dispatcher.RequestTime requestTime) {
        return cassandra.process(statement, state, options, payload, requestTime);
    }

    @Override
    public ResultMessage.Prepared prepare(String query, ClientState state, Map<String, ByteBuffer> payload) {
        if (cdcOption(query) != null) {
            throw new InvalidRequestException(
                    "The Scylla stand-in takes a statement with cdc = {...} unprepared only: run it as a simple statement");
        }
        return cassandra.prepare(query, state, payload);
    }

    @Override
    public QueryHandler.Prepared getPrepared(MD5Digest id) {
        return cassandra.getPrepared(id);
    }

    @Override
    public ResultMessage processPrepared(
            CQLStatement statement,
            QueryState state,
            QueryOptions options,
            Map<String, ByteBuffer> payload,
            Dispatcher.RequestTime requestTime) {
        return cassandra.processPrepared(withCdc(statement, Optional.empty()), state, options, payload, requestTime);
    }

    @Override
    public ResultMessage processBatch(
            BatchStatement statement,
            QueryState state,
            BatchQueryOptions options,
            Map<String, ByteBuffer> payload,
            Dispatcher.RequestTime requestTime) {
        return cassandra.processBatch(statement, state, options, payload, requestTime);
    }
}
