package io.github.scyllapgcdc.probe;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.http.Answer;
import io.github.scyllapgcdc.http.JsonHttp;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.component.cassandra.CassandraConstants;

/**
 * The bean {@code latencyProbe} of {@code routes/latency.camel.yaml}: makes a marker row's statements, waits until PostgreSQL has the
 * row, and tells how long that took from before ScyllaDB was given it. The route runs the statements.
 */
public final class LatencyProbe {
    /** The name of the bean. */
    public static final String BEAN = "latencyProbe";

    private static final String SAMPLE = "latencySample";
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int FAILED = 409;
    private static final String NO_TABLE = "42P01";

    private final Supplier<CqlSession> scylla;
    private final DataSource dataSource;
    private final String tableNameFormat;

    /** @param dataSource not the sink's, which must not be kept waiting for a connection */
    public LatencyProbe(Supplier<CqlSession> scylla, DataSource dataSource, String tableNameFormat) {
        this.scylla = scylla;
        this.dataSource = dataSource;
        this.tableNameFormat = tableNameFormat;
    }

    /** A marker on its way. */
    private static final class Sample {
        private final Marker marker;
        private final TableName target;
        private final long begunNanos;
        private long tookNanos;

        Sample(Marker marker, TableName target) {
            this.marker = marker;
            this.target = target;
            this.begunNanos = System.nanoTime();
        }
    }

    /** Reads the request, {@code {"table": …}}, and sets the statement that writes a marker row, with its values. */
    public void write(Exchange exchange) throws SQLException {
        Map<String, Object> given = JsonHttp.values(exchange.getMessage().getBody(String.class));
        Object name = given.get("table");
        if (name == null || given.size() != 1) {
            throw new IllegalArgumentException("expected {\"table\": \"keyspace.table\"}");
        }
        TableId table = TableId.parse(name.toString());
        Marker marker = Marker.of(table, metadata(table));
        TableName target = TableName.of(tableNameFormat, table.topic());
        if (isThere(marker, target)) {
            throw new ProbeException("table " + table + " has a row of the marker's key: try again");
        }
        exchange.setProperty(SAMPLE, new Sample(marker, target));
        set(exchange, marker.insert(), marker.values());
    }

    private TableMetadata metadata(TableId table) {
        return find(scylla.get().getMetadata(), table)
                .or(() -> find(scylla.get().refreshSchema(), table)) // the driver learns of a new table a second later
                .orElseThrow(() -> new ProbeException("table " + table + " does not exist in ScyllaDB"));
    }

    private static Optional<TableMetadata> find(Metadata metadata, TableId table) {
        return metadata.getKeyspace(CqlIdentifier.fromInternal(table.keyspace()))
                .flatMap(keyspace -> keyspace.getTable(CqlIdentifier.fromInternal(table.name())));
    }

    /** Waits until PostgreSQL has the row. */
    public void await(Exchange exchange) throws SQLException, InterruptedException {
        Sample sample = exchange.getProperty(SAMPLE, Sample.class);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = prepare(connection, sample)) {
            while (!exists(statement)) {
                if (System.nanoTime() - sample.begunNanos > LONGEST.toNanos()) {
                    throw new ProbeException("the marker row is not in PostgreSQL's " + sample.target + " after "
                            + LONGEST.toSeconds() + " s: see ./cdc status");
                }
                Thread.sleep(LOOK.toMillis());
            }
        }
        sample.tookNanos = System.nanoTime() - sample.begunNanos;
    }

    /** Sets the statement that removes the row again; PostgreSQL loses it as it does any other. */
    public void remove(Exchange exchange) {
        Sample sample = exchange.getProperty(SAMPLE, Sample.class);
        set(exchange, sample.marker.delete(), sample.marker.values());
    }

    /** Answers how long it took. */
    public void report(Exchange exchange) {
        Sample sample = exchange.getProperty(SAMPLE, Sample.class);
        answer(
                exchange,
                Answer.ok(Map.of(
                        "table",
                        sample.marker.table().toString(),
                        "millis",
                        Math.round(sample.tookNanos / 10_000.0) / 100.0)));
    }

    /** Answers why there is no sample. */
    public void refuse(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        String reason = String.valueOf(failure.getMessage());
        answer(
                exchange,
                failure instanceof IllegalArgumentException
                        ? Answer.badRequest(reason)
                        : failure instanceof ProbeException
                                ? new Answer(FAILED, Map.of("error", reason))
                                : Answer.unavailable("a server failed, see /health: " + reason));
    }

    private static void answer(Exchange exchange, Answer answer) {
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(answer.body());
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, answer.code());
    }

    private static void set(Exchange exchange, String cql, List<Object> values) {
        exchange.getMessage().setHeader(CassandraConstants.CQL_QUERY, cql);
        exchange.getMessage().setBody(values);
    }

    private boolean isThere(Marker marker, TableName target) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = prepare(connection, new Sample(marker, target))) {
            return exists(statement);
        } catch (SQLException e) {
            if (NO_TABLE.equals(e.getSQLState())) {
                throw new ProbeException(
                        "PostgreSQL has no table " + target + " yet: ./cdc deploy --table " + marker.table(), e);
            }
            throw e;
        }
    }

    private static PreparedStatement prepare(Connection connection, Sample sample) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sample.marker.exists(sample.target));
        List<Object> values = sample.marker.sqlValues();
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
        return statement;
    }

    private static boolean exists(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            return result.next() && result.getBoolean(1);
        }
    }
}
