package io.github.scyllapgcdc.reconcile.route;

import io.github.scyllapgcdc.reconcile.Difference;
import io.github.scyllapgcdc.reconcile.Discrepancy;
import io.github.scyllapgcdc.reconcile.Reconciliation;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.github.scyllapgcdc.reconcile.RunStatus.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;

/** The runs that ended in this process, as meters. */
final class ReconcileMeters implements Consumer<RunStatus> {
    private static final int PAGE = 1000;

    private final CamelContext context;
    private final Map<String, AtomicLong> gauges = new ConcurrentHashMap<>();
    /** Of each table the run that was counted last: one that is taken up again has all of its rows in its status. */
    private final Map<String, RunStatus> counted = new ConcurrentHashMap<>();

    private Reconciliation reconciliation;

    ReconcileMeters(CamelContext context) {
        this.context = context;
    }

    void follow(Reconciliation reconciliation) {
        this.reconciliation = reconciliation;
    }

    @Override
    public void accept(RunStatus ended) {
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return; // camel.metrics.enabled=false
        }
        String table = ended.table();
        String mode = ended.mode().text();
        Counter.builder("cdc.reconcile.runs")
                .description("Runs that ended, by how they did")
                .tags("table", table, "mode", mode, "outcome", ended.state().text())
                .register(registry)
                .increment();
        countRows(registry, ended);
        boolean complete = ended.state() == State.EQUAL || ended.state() == State.DIFFERENT;
        if (complete && !ended.resumed()) { // between its parts nothing was done
            Timer.builder("cdc.reconcile.duration")
                    .description("How long complete runs took that were not taken up again")
                    .tags("table", table, "mode", mode)
                    .register(registry)
                    .record(Duration.between(ended.startedAt(), ended.finishedAt()));
        }
        if (ended.state() == State.EQUAL) {
            gauge(
                            registry,
                            "cdc.reconcile.last.success.seconds",
                            "When the last run ended that left no difference, in seconds since 1970",
                            "table",
                            table)
                    .set(ended.finishedAt().getEpochSecond());
        }
        if (complete) {
            left(ended)
                    .forEach((type, left) -> gauge(
                                    registry,
                                    "cdc.reconcile.differences",
                                    "Differences that the latest complete run left",
                                    "table",
                                    table,
                                    "type",
                                    type.text())
                            .set(left));
        }
    }

    private void countRows(MeterRegistry registry, RunStatus ended) {
        RunStatus last = counted.put(ended.table(), ended);
        boolean goesOn = last != null && last.id().equals(ended.id());
        rows(registry, ended, "scylla", ended.scyllaRows() - (goesOn ? last.scyllaRows() : 0));
        rows(registry, ended, "postgres", ended.postgresRows() - (goesOn ? last.postgresRows() : 0));
        repairs(registry, ended, ended.repaired() - (goesOn ? last.repaired() : 0));
    }

    private static void repairs(MeterRegistry registry, RunStatus ended, long repaired) {
        Counter.builder("cdc.reconcile.repairs")
                .description("Differences that runs repaired")
                .tags("table", ended.table())
                .register(registry)
                .increment((double) Math.max(0, repaired));
    }

    private static void rows(MeterRegistry registry, RunStatus ended, String side, long rows) {
        Counter.builder("cdc.reconcile.rows")
                .description("Rows that were compared")
                .tags("table", ended.table(), "side", side)
                .register(registry)
                .increment((double) Math.max(0, rows));
    }

    /** Of a run that repaired some, what is left is in the log alone. */
    private Map<Discrepancy, Long> left(RunStatus ended) {
        Map<Discrepancy, Long> left = new EnumMap<>(Discrepancy.class);
        boolean all = ended.repaired() == 0;
        left.put(Discrepancy.MISSING, all ? ended.missing() : 0);
        left.put(Discrepancy.MISMATCH, all ? ended.mismatch() : 0);
        left.put(Discrepancy.EXTRA, all ? ended.extra() : 0);
        if (!all && ended.left() > 0) {
            countLeft(ended.id(), left);
        }
        return left;
    }

    private void countLeft(UUID run, Map<Discrepancy, Long> left) {
        List<Difference> page = reconciliation.differences(run, 0, PAGE);
        while (!page.isEmpty()) {
            page.stream()
                    .filter(difference -> !difference.resolved())
                    .forEach(difference -> left.merge(difference.type(), 1L, Long::sum));
            page = reconciliation.differences(run, page.get(page.size() - 1).id(), PAGE);
        }
    }

    private AtomicLong gauge(MeterRegistry registry, String name, String description, String... tags) {
        return gauges.computeIfAbsent(name + String.join("/", tags), key -> {
            AtomicLong value = new AtomicLong();
            Gauge.builder(name, value, AtomicLong::get)
                    .description(description)
                    .tags(tags)
                    .register(registry);
            return value;
        });
    }
}
