package io.github.scyllapgcdc.reconcile.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.metrics.Meters;
import io.github.scyllapgcdc.reconcile.Discrepancy;
import io.github.scyllapgcdc.reconcile.ReconcileRequest;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.github.scyllapgcdc.reconcile.RunStatus.State;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconcileMetersTest {
    private static final String TABLE = "ecommerce.users";
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final StoredRuns runs = new StoredRuns();
    private final ReconcileMeters meters = new ReconcileMeters(context);

    @BeforeEach
    void bind() {
        context.getRegistry().bind("metricRegistry", registry);
        meters.follow(runs);
    }

    @AfterEach
    void stop() {
        meters.stop();
        context.stop();
    }

    @Test
    void aRunIsCountedWithItsRowsAndItsTime() {
        meters.accept(StoredRuns.run(TABLE, State.DIFFERENT, 3, 0));

        assertThat(runs("different")).isEqualTo(1);
        assertThat(rows("scylla")).isEqualTo(1200);
        assertThat(rows("postgres")).isEqualTo(1197);
        assertThat(registry.get("cdc.reconcile.duration")
                        .tags("table", TABLE, "mode", "full")
                        .timer()
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(65);
    }

    @Test
    void aTableHasAllMetersOnceItHasASink() {
        Meters.of(context).sinkIsThere(TABLE, true);
        Meters.of(context).sinkIsThere("a topic of somebody else", true);

        meters.look();

        assertThat(runs("failed")).isZero();
        assertThat(rows("postgres")).isZero();
        assertThat(left("missing")).isZero();
        assertThat(lastSuccess()).as("never").isZero();
    }

    @Test
    void aTableHasNoneOnceItsSinkIsRemoved() {
        Meters.of(context).sinkIsThere(TABLE, true);
        meters.look();

        Meters.of(context).sinkIsThere(TABLE, false);
        meters.accept(StoredRuns.run(TABLE, State.FAILED, 0, 0)); // which was under way

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void whatAnotherInstanceFoundIsTold() {
        // Given a table whose runs were done elsewhere: one missing row is left, two are repaired
        Meters.of(context).sinkIsThere(TABLE, true);
        meters.start();
        RunStatus equal = StoredRuns.run(TABLE, State.EQUAL, 3, 3);
        runs.next(equal)
                .found(Discrepancy.MISSING, "{\"id\": 1}", "{}", "repaired")
                .found(Discrepancy.MISSING, "{\"id\": 2}", "{}", "failed")
                .found(Discrepancy.EXTRA, "{\"id\": 3}", "{}", "none");
        // When
        runs.begin(ReconcileRequest.of(Map.of("table", TABLE), Instant.now()));
        runs.status(equal.id());
        meters.look();
        // Then
        assertThat(left("missing")).isEqualTo(1);
        assertThat(left("mismatch")).isZero();
        assertThat(left("extra")).isEqualTo(1);
        assertThat(lastSuccess()).isEqualTo((double) equal.finishedAt().getEpochSecond());
        assertThat(runs("equal")).as("of this process").isZero();
    }

    @Test
    void whatIsKnownStaysWhilePostgresIsAway() {
        Meters.of(context).sinkIsThere(TABLE, true);
        runs.found(Discrepancy.EXTRA, "{\"id\": 3}", "{}", "none");
        meters.look();

        runs.fail(new IllegalStateException("Postgres does not answer"));
        meters.start();

        await().until(runs::wasRefused);
        assertThat(left("extra")).isEqualTo(1);
    }

    @Test
    void aRunThatWasTakenUpAgainCountsItsRowsOnce() {
        RunStatus stopped = StoredRuns.run(TABLE, State.STOPPED, 0, 0);
        meters.accept(stopped);
        meters.accept(stopped);

        assertThat(runs("stopped")).isEqualTo(2);
        assertThat(rows("scylla")).isEqualTo(1200);
    }

    private double runs(String outcome) {
        return registry.get("cdc.reconcile.runs")
                .tags("table", TABLE, "mode", "full", "outcome", outcome)
                .counter()
                .count();
    }

    private double rows(String side) {
        return registry.get("cdc.reconcile.rows")
                .tags("table", TABLE, "side", side)
                .counter()
                .count();
    }

    private double left(String type) {
        return registry.get("cdc.reconcile.differences")
                .tags("table", TABLE, "type", type)
                .gauge()
                .value();
    }

    private double lastSuccess() {
        return registry.get("cdc.reconcile.last.success.seconds")
                .tags("table", TABLE)
                .gauge()
                .value();
    }
}
