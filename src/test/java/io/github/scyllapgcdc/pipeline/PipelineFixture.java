package io.github.scyllapgcdc.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** The servers of the test run and a keyspace of one test's own, with what the tests ask of both databases. */
final class PipelineFixture implements AutoCloseable {
    private static final int AT_ONCE = 500;

    private final StackEndpoints endpoints = TestStack.get().endpoints();
    private final String keyspace;
    private final CqlSession session;
    private final Connection postgres;

    PipelineFixture(String keyspace) throws SQLException {
        this(keyspace, TestStack.get().endpoints(), CqlSession.builder());
    }

    /** The same with another ScyllaDB, and a way to log in there. */
    PipelineFixture(String keyspace, StackEndpoints scylla, CqlSessionBuilder login) throws SQLException {
        this.keyspace = keyspace;
        session = login.addContactPoint(new InetSocketAddress(scylla.scyllaHost(), scylla.scyllaPort()))
                .withLocalDatacenter(endpoints.scyllaDatacenter())
                // schema changes on a busy machine take longer than the driver's two seconds
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                        .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(1))
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

    /** Waits until Scylla answers this fixture again after a restart. */
    void awaitScylla() {
        Awaitility.await("Scylla answers")
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> session.execute("SELECT key FROM system.local").one() != null);
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

    /**
     * Makes a table (id bigint PRIMARY KEY, v text) on both sides, and counts in Postgres each change of each of its rows,
     * whatever statement makes it.
     */
    TableId countedTable(String name) throws SQLException {
        TableId table = table(name, "id bigint PRIMARY KEY, v text");
        try (Statement statement = postgres.createStatement()) {
            statement.execute("""
                    CREATE SCHEMA IF NOT EXISTS %1$s;
                    CREATE TABLE %2$s (id bigint PRIMARY KEY, v text);
                    CREATE TABLE %2$s_audit (op text, id bigint);
                    CREATE FUNCTION %2$s_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                      INSERT INTO %2$s_audit VALUES (TG_OP, COALESCE(NEW.id, OLD.id)); RETURN NULL; END $$;
                    CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %2$s
                      FOR EACH ROW EXECUTE FUNCTION %2$s_note();""".formatted(keyspace, table));
        }
        return table;
    }

    /** Inserts rows into a counted table, many at once. */
    void insert(TableId table, long from, long until) {
        PreparedStatement insert = session.prepare("INSERT INTO " + table + " (id, v) VALUES (?, ?)");
        List<CompletableFuture<?>> underWay = new ArrayList<>();
        for (long id = from; id < until; id++) {
            underWay.add(session.executeAsync(insert.bind(id, "value " + id)).toCompletableFuture());
            if (underWay.size() == AT_ONCE || id == until - 1) {
                underWay.forEach(CompletableFuture::join);
                underWay.clear();
            }
        }
    }

    /** Of a counted table into which rows were inserted: each is in Kafka once and was applied once. */
    void assertEachOnce(TableId table, long rows) throws SQLException {
        List<String> changes = CommittedTopic.read(endpoints.kafkaBootstrap(), table.topic()).stream()
                .map(CommittedTopic::changeId)
                .toList();
        Assertions.assertThat(changes)
                .as("changes in " + table.topic())
                .doesNotHaveDuplicates()
                .hasSize(Math.toIntExact(rows));
        Assertions.assertThat(List.of(
                        count("SELECT count(*) FROM " + table + "_audit"),
                        count("SELECT count(DISTINCT id) FROM " + table + "_audit WHERE op = 'INSERT'")))
                .as("changes of rows, and rows inserted, in " + table)
                .containsExactly(rows, rows);
    }

    /** The number that a query of Postgres answers. */
    long count(String query) throws SQLException {
        try (Statement statement = postgres.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** How far the table's topic goes at an isolation level, summed over its partitions. */
    long published(TableId table, String isolation) {
        try (KafkaConsumer<byte[], byte[]> consumer = CommittedTopic.consumer(endpoints.kafkaBootstrap(), isolation)) {
            return CommittedTopic.length(consumer, table.topic());
        }
    }

    /** How far the sink is by what it keeps in Postgres, summed over partitions. */
    long storedOffsets(TableId table) throws SQLException {
        if (count("SELECT count(*) FROM pg_tables WHERE schemaname = 'cdc_metadata' AND tablename = 'sink_offsets'")
                == 0) {
            return 0;
        }
        return count("SELECT coalesce(sum(next_offset), 0) FROM cdc_metadata.sink_offsets WHERE topic = '"
                + table.topic() + "'");
    }

    /** How far the sink is by Kafka's own offsets, summed over partitions. */
    long committedOffsets(TableId table) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", endpoints.kafkaBootstrap()))) {
            return admin
                    .listConsumerGroupOffsets("postgres-sink-" + table)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()
                    .stream()
                    .filter(Objects::nonNull)
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        }
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
