package io.github.scyllapgcdc.pipeline;

import com.zaxxer.hikari.HikariDataSource;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.reconcile.Difference;
import io.github.scyllapgcdc.reconcile.ReconcileRequest;
import io.github.scyllapgcdc.reconcile.Reconciliations;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import io.github.scyllapgcdc.sink.PostgresDataSource;
import io.github.scyllapgcdc.sink.TopicProgress;
import io.github.scyllapgcdc.source.ScyllaSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** The reconciliation itself, in the tests' own process, beside an application whose tables it looks at. */
final class ReconcileFixture implements AutoCloseable {
    private static final int ALL = 1_000_000;

    private final CdcConfig config;
    private final ScyllaSession scylla;
    private final HikariDataSource dataSource;
    private final Reconciliations reconciliations;

    ReconcileFixture() {
        this(Map.of());
    }

    /** With some properties. */
    ReconcileFixture(Map<String, String> more) {
        StackEndpoints at = TestStack.get().endpoints();
        Map<String, String> properties = new HashMap<>(Map.of(
                "scylla.contact-points", at.scyllaHost() + ":" + at.scyllaPort(),
                "scylla.local-datacenter", at.scyllaDatacenter(),
                "kafka.bootstrap.servers", at.kafkaBootstrap(),
                "schema.registry.url", at.registryUrl(),
                "postgres.url", at.postgresJdbcUrl()));
        properties.putAll(more);
        config = CdcConfig.of(Settings.of(properties));
        scylla = new ScyllaSession(config.scylla());
        dataSource = PostgresDataSource.createForReaders(config.postgres(), config.sink());
        reconciliations = new Reconciliations(
                config,
                scylla,
                new ConfluentRegistry(config.registry().url(), Login.none(), Optional.empty()),
                dataSource,
                status -> {});
        reconciliations.start();
    }

    Reconciliations reconciliations() {
        return reconciliations;
    }

    /** A request of a table, with further values of the request. */
    static ReconcileRequest request(TableId table, Object... more) {
        Map<String, Object> given = new HashMap<>(Map.of("table", table.toString()));
        for (int i = 0; i < more.length; i += 2) {
            given.put((String) more[i], more[i + 1]);
        }
        return ReconcileRequest.of(given, Instant.now());
    }

    /** Does a run, from its beginning to its end. */
    RunStatus run(TableId table, Object... more) throws InterruptedException {
        return reconciliations.await(reconciliations.begin(request(table, more)).id());
    }

    /** Waits until all that ScyllaDB has of a table by now is applied. */
    void awaitPassed(TableId table) throws SQLException {
        long now = System.currentTimeMillis();
        try (TopicProgress progress = new TopicProgress(config.kafka());
                Connection connection = dataSource.getConnection()) {
            Awaitility.await("all is published")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> progress.watermark(table.topic()).orElse(0) > now);
            TopicProgress.Ends ends = progress.ends(table.topic());
            Awaitility.await("all is applied")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> progress.applied(connection, "postgres-sink-" + table, table.topic(), ends));
        }
    }

    /** What a run found, each as {@code <type> <key> <columns that differ>}. */
    List<String> found(RunStatus run) {
        return reconciliations.differences(run.id(), 0, ALL).stream()
                .map(difference -> difference.type().text() + " " + difference.primaryKey() + " "
                        + String.join(",", (Iterable<String>) () -> columns(difference)))
                .map(String::strip)
                .toList();
    }

    private static Iterator<String> columns(Difference difference) {
        return difference.columns().fieldNames();
    }

    @Override
    public void close() {
        reconciliations.stop();
        dataSource.close();
        scylla.close();
    }
}
