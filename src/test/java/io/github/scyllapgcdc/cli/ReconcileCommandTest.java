package io.github.scyllapgcdc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.TestPorts;
import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.TopicConfig;
import io.github.scyllapgcdc.reconcile.Discrepancy;
import io.github.scyllapgcdc.reconcile.Mode;
import io.github.scyllapgcdc.reconcile.ReconcileRequest;
import io.github.scyllapgcdc.reconcile.RunRefusedException;
import io.github.scyllapgcdc.reconcile.RunStatus.State;
import io.github.scyllapgcdc.reconcile.route.ReconcileRoutes;
import io.github.scyllapgcdc.reconcile.route.StoredRuns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;

/** {@code ./cdc reconcile} against routes/reconcile.camel.yaml and runs that are stored. */
class ReconcileCommandTest extends CamelMainTestSupport {
    private static final String TABLE = "ecommerce.users";
    private final int port = TestPorts.free();
    private final StoredRuns runs = new StoredRuns();

    @Override
    protected void configure(MainConfigurationProperties main) {
        main.withRoutesIncludePattern("file:routes/reconcile.camel.yaml");
        main.httpServer().withEnabled(true).withHost("127.0.0.1").withPort(port);
    }

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        return new Properties();
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        TestPorts.serve(registry, port);
        KafkaComponent kafka = new KafkaComponent();
        kafka.getConfiguration().setBrokers("127.0.0.1:1");
        registry.bind("kafka-sink", kafka);
        new ReconcileRoutes(context, new KafkaConfig("127.0.0.1:1", Map.of()), new TopicConfig(1, (short) 1))
                .bind(runs);
    }

    @Test
    void anEqualTableIsCodeZeroAndASummary() {
        CommandRun run = reconcile("--table", TABLE);

        assertThat(run.errors()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("""
                         table           | mode | ScyllaDB rows | PostgreSQL rows | missing | mismatch | extra | undetermined | repaired | left |      time
                        -----------------+------+---------------+-----------------+---------+----------+-------+--------------+----------+------+-----------
                         ecommerce.users | full |         1,200 |           1,200 |       0 |        0 |     0 |            0 |        0 |    0 | 1 min 5 s
                        ecommerce.users is equal
                        """);
    }

    @Test
    void differencesThatAreLeftAreCodeThreeAndShown() {
        runs.next(StoredRuns.run(TABLE, State.DIFFERENT, 3, 1))
                .found(Discrepancy.MISSING, "{\"id\": 1, \"day\": \"2026-01-31\"}", "{}", "repaired")
                .found(
                        Discrepancy.MISMATCH,
                        "{\"id\": 2}",
                        "{\"email\": {\"scylla\": \"a@x\", \"postgres\": null},"
                                + " \"name\": {\"scylla\": \"A\", \"postgres\": \"B\"}}",
                        "failed")
                .found(Discrepancy.EXTRA, "{\"id\": 3}", "{}", "none");

        CommandRun run = reconcile("--table", TABLE, "--repair");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).startsWith("""
                         key                  | type     | column | ScyllaDB | PostgreSQL | repair
                        ----------------------+----------+--------+----------+------------+----------
                         id=1, day=2026-01-31 | missing  |        |          |            | repaired
                         id=2                 | mismatch | email  | a@x      | null       | failed
                                              |          | name   | A        | B          |
                         id=3                 | extra    |        |          |            |
                        (3 differences)

                        """).endsWith("\n2 differences are left in ecommerce.users\n");
    }

    @Test
    void logJsonIsALineADifferenceAndOneForTheSummary() throws Exception {
        runs.next(StoredRuns.run(TABLE, State.DIFFERENT, 1200, 0));
        for (int id = 0; id < 1200; id++) { // more than one page
            runs.found(Discrepancy.MISSING, "{\"id\": " + id + "}", "{}", "none");
        }

        CommandRun run = reconcile("--table", TABLE, "--log-json");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.errors()).isEmpty();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : run.out().split("\n", -1)) {
            if (!line.isEmpty()) {
                lines.add(new ObjectMapper().readTree(line));
            }
        }
        assertThat(lines).hasSize(1201);
        assertThat(lines.subList(0, 1200).stream()
                        .map(line -> line.path("primaryKey").path("id").asInt()))
                .doesNotHaveDuplicates()
                .hasSize(1200);
        assertThat(lines.get(0).path("record").asText()).isEqualTo("difference");
        assertThat(lines.get(0).path("type").asText()).isEqualTo("missing");
        assertThat(lines.get(1200).path("record").asText()).isEqualTo("summary");
        assertThat(lines.get(1200).path("left").asInt()).isEqualTo(1200);
    }

    @Test
    void aRunThatFailsIsCodeOne() {
        runs.next(StoredRuns.run(TABLE, State.FAILED, 0, 0));

        CommandRun run = reconcile("--table", TABLE);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).endsWith("\nthe run failed: Connection refused\n");
    }

    @Test
    void aRefusalIsOneLine() {
        runs.fail(new RunRefusedException("table ecommerce.users is not replicated here: deploy it"));

        CommandRun run = reconcile("--table", TABLE);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.errors()).isEqualTo("cdc: table ecommerce.users is not replicated here: deploy it\n");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void optionsArriveAsTheyAreMeant() {
        reconcile("--table", TABLE, "--mode", "sample", "--percent", "2.5", "--delete-extra", "--dry-run", "--restart");

        assertThat(runs.requests).singleElement().satisfies(request -> {
            assertThat(request.mode()).isEqualTo(Mode.SAMPLE);
            assertThat(request.percent()).isEqualTo(2.5);
            assertThat(request.dryRun()).isTrue();
            assertThat(request.deleteExtra()).isTrue();
            assertThat(request.restart()).isTrue();
        });
    }

    @Test
    void theLatestRunsAreListed() {
        assertThat(reconcile("--list").out()).isEqualTo("(no runs)\n");
        reconcile("--table", TABLE);

        assertThat(reconcile("--list").out())
                .contains("| ecommerce.users | full | equal | 2026-01-31T08:00:00Z |", "(1 row)");
        assertThat(reconcile("--list", "--table", "ecommerce.orders").out()).isEqualTo("(no runs)\n");
        assertThat(reconcile("--list", "--log-json").out())
                .startsWith("{\"id\":")
                .hasLineCount(1);
    }

    @Test
    void controlCAsksTheApplicationToStop() {
        runs.hold();
        UUID id = runs.begin(ReconcileRequest.of(Map.of("table", TABLE), Instant.now()))
                .id();
        AppClient app = AppClient.find("http://127.0.0.1:" + port, Home.find());

        try (StopOnSignal signal = StopOnSignal.of(app, id.toString(), ReconcileProgress.of(true))) {
            signal.stop();
        }

        assertThat(runs.isStopped()).isTrue();
        assertThat(runs.status(id)).isPresent();
        assertThat(runs.status(id).orElseThrow().state()).isEqualTo(State.STOPPED);
    }

    private CommandRun reconcile(String... options) {
        List<String> all = new ArrayList<>(List.of("reconcile", "--app-url", "http://127.0.0.1:" + port));
        all.addAll(List.of(options));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
