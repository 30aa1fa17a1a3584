package io.github.scyllapgcdc.reconcile;

import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.schema.ValuePolicy;
import io.github.scyllapgcdc.sink.Catalog;
import io.github.scyllapgcdc.sink.Sink;
import io.github.scyllapgcdc.sink.sql.TableName;
import io.github.scyllapgcdc.source.log.TableShape;
import io.github.scyllapgcdc.source.log.TableShapes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** What has to be so before a run begins. */
final class Preflight {
    private static final String APPLIED = """
            SELECT to_regclass('cdc_metadata.sink_offsets') IS NOT NULL""";
    private static final String OF_TABLE = "SELECT EXISTS (SELECT FROM cdc_metadata.sink_offsets WHERE topic = ?)";

    private final CdcConfig config;
    private final Supplier<CqlSession> scylla;
    private final DataSource dataSource;

    Preflight(CdcConfig config, Supplier<CqlSession> scylla, DataSource dataSource) {
        this.config = config;
        this.scylla = scylla;
        this.dataSource = dataSource;
    }

    private void requireApplied(TableId table) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            if (!is(connection, APPLIED, null) || !is(connection, OF_TABLE, table.topic())) {
                throw new RunRefusedException("no sink has applied anything of " + table
                        + " to this Postgres: deploy the table first (./cdc deploy --table " + table + ")");
            }
        }
    }

    private static boolean is(Connection connection, String question, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            if (parameter != null) {
                statement.setString(1, parameter);
            }
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /**
     * The table as both sides have it, if a run may begin.
     *
     * @throws RunRefusedException if it may not
     */
    TableForm form(ReconcileRequest request) throws SQLException {
        requireApplied(request.table());
        CqlSession session = scylla.get();
        session.refreshSchema(); // a column that this session does not know of yet would count as equal
        TableShape shape = TableShapes.of(session, request.table());
        requireInLog(request, shape);
        TableName target =
                TableName.of(config.sink().tableNameFormat(), request.table().topic());
        ValuePolicy policy = Sink.policy(config.sink());
        try (Connection connection = dataSource.getConnection()) {
            Catalog.Table table = Catalog.read(connection, target)
                    .orElseThrow(() -> new RunRefusedException("Postgres has no table " + target + ", to which "
                            + request.table() + " is applied: nothing was, so far, or it was dropped"));
            return TableForm.of(shape, target, table, policy);
        }
    }

    private static void requireInLog(ReconcileRequest request, TableShape shape) {
        if (request.mode() != Mode.INCREMENTAL || shape.ttl().isEmpty()) {
            return;
        }
        Instant oldest = Instant.now().minus(shape.ttl().get());
        if (request.since().isBefore(oldest)) {
            throw new RunRefusedException("since=" + request.since() + " is refused: the CDC log of " + request.table()
                    + " keeps changes for " + shape.ttl().get().toSeconds() + " s, so it has those since " + oldest
                    + " alone; give a later time, or use mode full");
        }
    }
}
