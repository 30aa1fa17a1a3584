package io.github.scyllapgcdc.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** The servers of the test run and a keyspace of one test's own, with what the tests ask of both databases. */
final class PipelineFixture implements AutoCloseable {
    private final StackEndpoints endpoints = TestStack.get().endpoints();
    private final String keyspace;
    private final CqlSession session;
    private final Connection postgres;

    PipelineFixture(String keyspace) throws SQLException {
        this.keyspace = keyspace;
        session = CqlSession.builder()
                .addContactPoint(new InetSocketAddress(endpoints.scyllaHost(), endpoints.scyllaPort()))
                .withLocalDatacenter(endpoints.scyllaDatacenter())
                // schema changes on a busy machine take longer than the driver's two seconds
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                        .build())
                .build();
        postgres = DriverManager.getConnection(endpoints.postgresJdbcUrl());
        session.execute("CREATE KEYSPACE IF NOT EXISTS " + keyspace
                + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    }

    StackEndpoints endpoints() {
        return endpoints;
    }

    CqlSession scylla() {
        return session;
    }

    Connection postgres() {
        return postgres;
    }

    /** Makes a table with its log. */
    TableId table(String name, String columns) {
        return table(name, columns, "");
    }

    /**
     * Makes a table with its log.
     *
     * @param options further options of CREATE TABLE, each followed by AND
     */
    TableId table(String name, String columns, String options) {
        TableId table = new TableId(keyspace, name);
        session.execute("CREATE TABLE " + table + " (" + columns + ") WITH " + options + "cdc = {'enabled': true}");
        return table;
    }

    void cql(String statement, Object... values) {
        session.execute(SimpleStatement.newInstance(statement, values));
    }

    /** Waits until both tables hold the same rows; then says which differ if they never do. */
    void awaitEqual(TableId table, Duration atMost) {
        Awaitility.await("Postgres equals Scylla for " + table)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> {
                    SortedSet<String> expected = TableContents.ofScylla(session, table);
                    Assertions.assertThat(TableContents.ofPostgres(postgres, table))
                            .isEqualTo(expected);
                });
    }

    /**
     * Waits until both tables hold the same rows, whatever the types of their columns, and stay so for a second: equal for a
     * moment, with changes still on their way, is not enough.
     */
    void awaitSame(TableId table, Duration atMost) {
        ModelComparison comparison = new ModelComparison(session, postgres, table);
        Awaitility.await("Postgres equals Scylla for " + table)
                .atMost(atMost)
                .during(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> {
                    Optional<ModelComparison.Difference> difference = comparison.firstDifference();
                    Assertions.assertThat(difference)
                            .withFailMessage(() -> difference.orElseThrow().text())
                            .isEmpty();
                });
    }

    @Override
    public void close() throws SQLException {
        session.close();
        postgres.close();
    }
}
