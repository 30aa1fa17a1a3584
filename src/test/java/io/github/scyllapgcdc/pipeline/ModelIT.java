package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import io.github.scyllapgcdc.event.TableId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Whatever is written to Scylla, Postgres ends equal: long random sequences of every kind of statement over tables of every
 * shape. The seed is printed, and in every failure. To repeat one, or to look longer:
 *
 * <pre>
 * ./mvnw verify -Dit.test=ModelIT -Dmodel.seed=42 -Dmodel.steps=100000 -Dmodel.tables=simple,ttl
 * </pre>
 *
 * <p>A failure names the first row that differs and all statements on its partition. Nothing is shrunk, as a property test
 * would: each try would be a run of the whole pipeline, and a partition's statements are few enough to read.
 */
class ModelIT {
    private static final Duration LANDS = Duration.ofSeconds(Integer.getInteger("model.wait", 60));
    private static final int STEPS = Integer.getInteger("model.steps", 2000);
    private static final int REPORTED_STATEMENTS = 200;

    private final List<ModelStatement> written = new ArrayList<>();
    private Instant lastExpiry = Instant.EPOCH;

    @Test
    void postgresEndsEqualToScylla() throws Exception {
        long seed = Long.getLong("model.seed", new Random().nextLong(1_000_000));
        System.out.println("ModelIT: -Dmodel.seed=" + seed + " -Dmodel.steps=" + STEPS);
        Random random = new Random(seed);
        try (PipelineFixture fixture = new PipelineFixture("model_" + seed);
                PipelineApp app = PipelineApp.start("model-" + seed, Map.of())) {
            // Given tables of every shape, each with a route of its own
            fixture.cql("CREATE TYPE IF NOT EXISTS model_%d.%s (%s)"
                    .formatted(seed, ModelValues.PAIR, ModelValues.PAIR_FIELDS));
            Map<ModelTable, TableId> tables = new LinkedHashMap<>();
            for (ModelTable table : chosen()) {
                TableId id = fixture.table(table.name(), table.definition(), table.options());
                app.deploy(id);
                tables.put(table, id);
            }

            // When they are written to at random, while the application starts and once it runs
            write(fixture, tables.keySet(), "model_" + seed, random, STEPS / 2);
            app.awaitHealthy();
            write(fixture, tables.keySet(), "model_" + seed, random, STEPS - STEPS / 2);

            // Then, once what has a TTL has expired, both sides are equal
            Awaitility.await("the last TTL")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> Instant.now().isAfter(lastExpiry));
            for (TableId table : tables.values()) {
                awaitEqual(new ModelComparison(fixture.scylla(), fixture.postgres(), table), table, seed);
            }
        }
    }

    private static List<ModelTable> chosen() {
        String names = System.getProperty("model.tables", "");
        Set<String> wanted = Set.of(names.isBlank() ? new String[0] : names.split(","));
        List<ModelTable> chosen = ModelTable.all().stream()
                .filter(table -> wanted.isEmpty() || wanted.contains(table.name()))
                .toList();
        assertThat(chosen)
                .as(
                        "the tables of -Dmodel.tables=%s; there are %s",
                        names, ModelTable.all().stream().map(ModelTable::name).toList())
                .hasSize(wanted.isEmpty() ? ModelTable.all().size() : wanted.size());
        return chosen;
    }

    private void write(PipelineFixture fixture, Set<ModelTable> tables, String keyspace, Random random, int steps) {
        List<ModelGenerator> generators = tables.stream()
                .map(table -> new ModelGenerator(table, keyspace, random))
                .toList();
        for (int step = 0; step < steps; step++) {
            ModelStatement statement =
                    generators.get(random.nextInt(generators.size())).next();
            try {
                fixture.cql(statement.cql());
            } catch (InvalidQueryException e) {
                if (!String.valueOf(e.getMessage()).matches("(?i).*\\blist\\b.*")) {
                    throw new AssertionError("the generator wrote a statement that is refused: " + statement.cql(), e);
                }
                continue; // an element of a list that is not there
            }
            written.add(statement);
            if (statement.ttlSeconds() > 0) {
                Instant expiry = Instant.now().plusSeconds(statement.ttlSeconds() + 1);
                lastExpiry = expiry.isAfter(lastExpiry) ? expiry : lastExpiry;
            }
        }
    }

    private void awaitEqual(ModelComparison comparison, TableId table, long seed) {
        Awaitility.await("Postgres equals Scylla for " + table)
                .atMost(LANDS)
                // equal for a moment, with changes still on their way, is not enough
                .during(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> {
                    Optional<ModelComparison.Difference> difference = comparison.firstDifference();
                    assertThat(difference)
                            .withFailMessage(() -> "seed %d, %d steps: %s%n%s"
                                    .formatted(
                                            seed,
                                            STEPS,
                                            difference.orElseThrow().text(),
                                            history(
                                                    table,
                                                    difference.orElseThrow().partition())))
                            .isEmpty();
                });
    }

    /** The statements on one partition of a table, the newest last. */
    private String history(TableId table, String partition) {
        List<String> statements = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            ModelStatement statement = written.get(i);
            if (statement.partitions().contains(partition) && statement.cql().contains(table.toString())) {
                statements.add(i + ": " + statement.cql());
            }
        }
        int skipped = Math.max(0, statements.size() - REPORTED_STATEMENTS);
        return statements.stream()
                .skip(skipped)
                .collect(Collectors.joining(
                        System.lineSeparator(),
                        "statements on its partition (" + skipped + " older ones left out):" + System.lineSeparator(),
                        ""));
    }
}
