package io.github.scyllapgcdc.dev.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.scylladb.cdc.cql.CQLConfiguration;
import com.scylladb.cdc.cql.driver3.Driver3MasterCQL;
import com.scylladb.cdc.cql.driver3.Driver3Session;
import com.scylladb.cdc.model.GenerationId;
import com.scylladb.cdc.model.TableName;
import com.scylladb.cdc.model.master.GenerationMetadata;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the stand-in logs for each kind of statement, and that readers of Scylla's CDC take it for ScyllaDB. */
class ScyllaStandInIT {
    private static final String KEYSPACE = "standin_it";
    private static final Path FIXTURES = Path.of("src", "test", "resources", "standin");
    /** From the start of the Gregorian calendar to the epoch, in the 100 ns of a time UUID. */
    private static final long UUID_EPOCH = 0x01b21dd213814000L;

    private static StackEndpoints endpoints;
    private static CqlSession session;

    @BeforeAll
    static void connect() {
        endpoints = TestStack.get().endpoints();
        session = TestSession.open(endpoints);
        session.execute("DROP KEYSPACE IF EXISTS " + KEYSPACE);
        session.execute("CREATE KEYSPACE " + KEYSPACE
                + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    static List<String> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void logs(String file) throws IOException {
        LogFixture fixture = LogFixture.read(FIXTURES.resolve(file));

        String log = fixture.run(session, KEYSPACE, "t_" + file.replaceAll("\\W", "_"));

        assertThat(log).isEqualTo(fixture.expected());
    }

    @Test
    void timesTheLogByTheWriteTimestamp() {
        String table = table("times", "id int PRIMARY KEY, a int", "'enabled': true");
        List<String> statements = List.of(
                "INSERT INTO %s (id, a) VALUES (1, 1)",
                "INSERT INTO %s (id, a) VALUES (2, 1) IF NOT EXISTS",
                "INSERT INTO %s (id, a) VALUES (3, 1) USING TIMESTAMP 1234567890");

        statements.forEach(statement -> session.execute(statement.formatted(table)));

        for (Row row : session.execute("SELECT id, WRITETIME(a) FROM " + table)) {
            Row log = session.execute("SELECT \"cdc$time\", WRITETIME(a) FROM " + table + "_scylla_cdc_log WHERE id = "
                            + row.getInt(0) + " ALLOW FILTERING")
                    .one();
            UUID time = log.getUuid(0);
            assertThat((time.timestamp() - UUID_EPOCH) / 10).isEqualTo(row.getLong(1));
            assertThat(log.getLong(1)).isEqualTo(row.getLong(1));
        }
    }

    @Test
    void followsTheColumnsOfItsTable() {
        String table = table("evolving", "id int PRIMARY KEY, a int, b int", "'enabled': true");
        session.execute("ALTER TABLE " + table + " ADD \"Case\" text");
        session.execute("ALTER TABLE " + table + " DROP b");

        session.execute("INSERT INTO " + table + " (id, \"Case\") VALUES (1, 'x')");

        List<Row> log = log(table);
        assertThat(LogFixture.render(log)).isEqualTo("#0 seq=0 op=2 end=true ttl=null: Case='x' id=1");
        assertThat(log.get(0).getColumnDefinitions().contains("b")).isFalse();
    }

    @Test
    void logsOnlyWhileItIsEnabledAndKeepsTheLog() {
        String table = table("switched", "id int PRIMARY KEY, a int", "'enabled': true");
        session.execute("UPDATE " + table + " SET a = 1 WHERE id = 1");
        session.execute("ALTER TABLE " + table + " WITH cdc = {'enabled': false}");
        session.execute("UPDATE " + table + " SET a = 2 WHERE id = 1");
        session.execute("ALTER TABLE " + table + " WITH cdc = {'enabled': true}");
        session.execute("UPDATE " + table + " SET a = 3 WHERE id = 1");

        assertThat(log(table)).extracting(row -> row.getInt("a")).containsExactly(1, 3);
    }

    @Test
    void refusesCountersAsScyllaDoes() {
        assertThatThrownBy(() -> table("counted", "id int PRIMARY KEY, hits counter", "'enabled': true"))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("Cannot create CDC log for table standin_it.counted");

        session.execute("CREATE TABLE " + KEYSPACE + ".counted (id int PRIMARY KEY, hits counter)");
        assertThatThrownBy(() -> session.execute("ALTER TABLE " + KEYSPACE + ".counted WITH cdc = {'enabled': true}"))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("Cannot create CDC log");
    }

    @Test
    void refusesToAddAColumnAgainWithATypeThatDoesNotFit() {
        String table = table("readded", "id int PRIMARY KEY, a text", "'enabled': true");
        session.execute("ALTER TABLE " + table + " DROP a");

        assertThatThrownBy(() -> session.execute("ALTER TABLE " + table + " ADD a int"))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("incompatible with previously dropped column");
    }

    @Test
    void makesATableAgainWithoutTheLogItHad() {
        String table = table("remade", "id int PRIMARY KEY, a int", "'enabled': true");
        session.execute("INSERT INTO " + table + " (id, a) VALUES (1, 1)");
        session.execute("DROP TABLE " + table);

        session.execute("CREATE TABLE " + table + " (id text PRIMARY KEY)");
        session.execute("INSERT INTO " + table + " (id) VALUES ('x')");
        assertThatThrownBy(() -> log(table)).isInstanceOf(InvalidQueryException.class);

        session.execute("ALTER TABLE " + table + " WITH cdc = {'enabled': true}");
        session.execute("INSERT INTO " + table + " (id) VALUES ('y')");
        assertThat(log(table)).extracting(row -> row.getString("id")).containsExactly("y");
    }

    @Test
    void dropsTheLogWithItsTable() {
        String table = table("dropped", "id int PRIMARY KEY", "'enabled': true");

        session.execute("DROP TABLE " + table);

        assertThatThrownBy(() -> log(table)).isInstanceOf(InvalidQueryException.class);
    }

    @Test
    void letsLogRowsExpireAsTheTableSays() {
        String expiring = table("expiring", "id int PRIMARY KEY", "'enabled': true, 'ttl': 600");
        String lasting = table("lasting", "id int PRIMARY KEY", "'enabled': true, 'ttl': 0");
        session.execute("INSERT INTO " + expiring + " (id) VALUES (1)");
        session.execute("INSERT INTO " + lasting + " (id) VALUES (1)");

        assertThat(session.execute("SELECT TTL(\"cdc$operation\") FROM " + expiring + "_scylla_cdc_log")
                        .one()
                        .getInt(0))
                .isBetween(500, 600);
        assertThat(session.execute("SELECT TTL(\"cdc$operation\") FROM " + lasting + "_scylla_cdc_log")
                        .one()
                        .isNull(0))
                .isTrue();
    }

    @Test
    void keepsThePartitionsOfABatchApart() {
        String table = table("batched", "id int PRIMARY KEY, a int", "'enabled': true");

        session.execute(
                "BEGIN BATCH INSERT INTO %1$s (id, a) VALUES (1, 1); INSERT INTO %1$s (id, a) VALUES (2, 2); APPLY BATCH"
                        .formatted(table));

        assertThat(log(table))
                .allSatisfy(row ->
                        assertThat(row.getBoolean("\"cdc$end_of_batch\"")).isTrue())
                .extracting(row -> row.getInt("id"))
                .containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void isScyllaToTheCdcLibrary() throws Exception {
        table("master", "id int PRIMARY KEY, a int", "'enabled': true, 'ttl': 600");
        session.execute("CREATE TABLE " + KEYSPACE + ".plain (id int PRIMARY KEY)");
        CQLConfiguration configuration = CQLConfiguration.builder()
                .addContactPoint(new InetSocketAddress(endpoints.scyllaHost(), endpoints.scyllaPort()))
                .withLocalDCName(endpoints.scyllaDatacenter())
                .build();

        try (Driver3Session driver = new Driver3Session(configuration)) {
            Driver3MasterCQL master = new Driver3MasterCQL(driver);
            TableName table = new TableName(KEYSPACE, "master");
            GenerationId generation = master.fetchFirstGenerationId().get().orElseThrow();
            GenerationMetadata metadata =
                    master.fetchGenerationMetadata(generation).get();

            assertThat(master.validateTable(table).get()).isEmpty();
            assertThat(master.validateTable(new TableName(KEYSPACE, "plain")).get())
                    .isPresent();
            assertThat(master.fetchTableTTL(table).get()).contains(600L);
            assertThat(master.usesTablets(table)).isFalse();
            assertThat(metadata.isClosed()).isFalse();
            assertThat(metadata.getStreams()).isNotEmpty();
            assertThat(metadata.getStreams())
                    .extracting(stream -> stream.getVNodeId().getIndex())
                    .contains(0);
        }
    }

    @Test
    void putsAChangeInAStreamOfTheGeneration() {
        String table = table("streamed", "id int PRIMARY KEY", "'enabled': true");
        for (int id = 0; id < 50; id++) {
            session.execute("INSERT INTO " + table + " (id) VALUES (" + id + ")");
        }

        Set<Object> streams =
                session.execute("SELECT streams FROM system_distributed.cdc_streams_descriptions_v2").all().stream()
                        .flatMap(row -> row.getSet(0, ByteBuffer.class).stream())
                        .collect(Collectors.toSet());

        assertThat(log(table)).hasSize(50);
        assertThat(streams)
                .containsAll(log(table).stream()
                        .map(row -> row.getByteBuffer("\"cdc$stream_id\""))
                        .collect(Collectors.toSet()));
    }

    private static String table(String name, String columns, String cdc) {
        session.execute("CREATE TABLE %s.%s (%s) WITH cdc = {%s}".formatted(KEYSPACE, name, columns, cdc));
        return KEYSPACE + "." + name;
    }

    private static List<Row> log(String table) {
        return session.execute("SELECT * FROM " + table + "_scylla_cdc_log").all();
    }
}
