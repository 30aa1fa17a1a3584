package io.github.scyllapgcdc.reconcile.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.reconcile.Discrepancy;
import io.github.scyllapgcdc.reconcile.ReconcileRequest;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.github.scyllapgcdc.reconcile.RunStatus.State;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
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

    @Test
    void aRunIsCountedWithItsRowsItsTimeAndWhatItLeft() {
        meters.accept(StoredRuns.run(TABLE, State.DIFFERENT, 3, 0));

        assertThat(runs("different")).isEqualTo(1);
        assertThat(rows("scylla")).isEqualTo(1200);
        assertThat(rows("postgres")).isEqualTo(1197);
        assertThat(left("missing")).isEqualTo(3);
        assertThat(left("extra")).isZero();
        assertThat(registry.get("cdc.reconcile.duration")
                        .tags("table", TABLE, "mode", "full")
                        .timer()
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(65);
        assertThat(registry.find("cdc.reconcile.last.success.seconds").gauge()).isNull();
    }

    @Test
    void anEqualRunTakesTheDifferencesBackAndIsASuccess() {
        meters.accept(StoredRuns.run(TABLE, State.DIFFERENT, 3, 0));
        RunStatus equal = StoredRuns.run(TABLE, State.EQUAL, 3, 3);

        meters.accept(equal);

        assertThat(left("missing")).isZero();
        assertThat(registry.get("cdc.reconcile.last.success.seconds")
                        .tags("table", TABLE)
                        .gauge()
                        .value())
                .isEqualTo((double) equal.finishedAt().getEpochSecond());
    }

    @Test
    void whatARepairLeftIsCountedInTheLog() {
        // Given a run that repaired one of two missing rows, and none of the extra ones
        RunStatus ended = StoredRuns.run(TABLE, State.DIFFERENT, 3, 1);
        runs.next(ended)
                .found(Discrepancy.MISSING, "{\"id\": 1}", "{}", "repaired")
                .found(Discrepancy.MISSING, "{\"id\": 2}", "{}", "failed")
                .found(Discrepancy.EXTRA, "{\"id\": 3}", "{}", "none");
        runs.begin(ReconcileRequest.of(Map.of("table", TABLE), Instant.now()));
        // When
        meters.accept(ended);
        // Then
        assertThat(left("missing")).isEqualTo(1);
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

    @Test
    void aRunThatFailedSaysNothingOfTheRows() {
        meters.accept(StoredRuns.run(TABLE, State.DIFFERENT, 3, 0));
        meters.accept(StoredRuns.run(TABLE, State.FAILED, 0, 0));

        assertThat(left("missing")).isEqualTo(3);
        assertThat(runs("failed")).isEqualTo(1);
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
}
