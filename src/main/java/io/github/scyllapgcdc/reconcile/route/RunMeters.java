package io.github.scyllapgcdc.reconcile.route;

import io.github.scyllapgcdc.reconcile.Discrepancy;
import io.github.scyllapgcdc.reconcile.Mode;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.github.scyllapgcdc.reconcile.RunStatus.State;
import io.github.scyllapgcdc.reconcile.TableStanding;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** The meters of one table's runs, all of them there from the beginning. */
final class RunMeters {
    private static final Set<State> COMPLETE = EnumSet.of(State.EQUAL, State.DIFFERENT);
    private static final Set<State> ENDS = EnumSet.complementOf(EnumSet.of(State.RUNNING));

    /** Of a table that no run left equal; not a number would be "not known". */
    private static final double NEVER = 0;

    private final MeterRegistry registry;
    private final String table;
    private final Set<Meter> made = new HashSet<>();
    private final Counter scyllaRows;
    private final Counter postgresRows;
    private final Counter repairs;
    /** The run that was counted last: one that is taken up again has all of its rows in its status. */
    private RunStatus counted;

    private boolean removed;
    private volatile TableStanding standing;

    RunMeters(MeterRegistry registry, String table) {
        this.registry = registry;
        this.table = table;
        scyllaRows = rows("scylla");
        postgresRows = rows("postgres");
        repairs = made(Counter.builder("cdc.reconcile.repairs")
                .description("Differences that runs repaired")
                .tags("table", table)
                .register(registry));
        for (Mode mode : Mode.values()) {
            duration(mode);
            ENDS.forEach(outcome -> runs(mode, outcome));
        }
        for (Discrepancy type : Discrepancy.values()) {
            made.add(Gauge.builder("cdc.reconcile.differences", this, meters -> meters.differences(type))
                    .description("Rows that were found to differ, and not found equal since")
                    .tags("table", table, "type", type.text())
                    .register(registry));
        }
        made.add(Gauge.builder("cdc.reconcile.last.success.seconds", this, RunMeters::lastSuccess)
                .description("When the last run ended that left no difference, in seconds since 1970; 0: none did")
                .tags("table", table)
                .register(registry));
    }

    private <M extends Meter> M made(M meter) {
        made.add(meter);
        return meter;
    }

    /** Ends all of them. */
    synchronized void remove() {
        removed = true;
        made.forEach(registry::remove);
    }

    /** How the table stands from now on. */
    void stands(TableStanding now) {
        standing = now;
    }

    /** A run ended in this process. */
    synchronized void ended(RunStatus run) {
        if (removed) {
            return;
        }
        runs(run.mode(), run.state()).increment();
        boolean goesOn = counted != null && counted.id().equals(run.id());
        add(scyllaRows, run.scyllaRows() - (goesOn ? counted.scyllaRows() : 0));
        add(postgresRows, run.postgresRows() - (goesOn ? counted.postgresRows() : 0));
        add(repairs, run.repaired() - (goesOn ? counted.repaired() : 0));
        counted = run;
        if (COMPLETE.contains(run.state()) && !run.resumed()) { // between its parts nothing was done
            duration(run.mode()).record(Duration.between(run.startedAt(), run.finishedAt()));
        }
    }

    private static void add(Counter counter, long more) {
        counter.increment((double) Math.max(0, more));
    }

    private Counter runs(Mode mode, State outcome) {
        return made(Counter.builder("cdc.reconcile.runs")
                .description("Runs that ended, by how they did")
                .tags("table", table, "mode", mode.text(), "outcome", outcome.text())
                .register(registry));
    }

    private Counter rows(String side) {
        return made(Counter.builder("cdc.reconcile.rows")
                .description("Rows that were compared")
                .tags("table", table, "side", side)
                .register(registry));
    }

    private Timer duration(Mode mode) {
        return made(Timer.builder("cdc.reconcile.duration")
                .description("How long complete runs took that were not taken up again")
                .tags("table", table, "mode", mode.text())
                .register(registry));
    }

    private double differences(Discrepancy type) {
        TableStanding now = standing;
        return now == null ? Double.NaN : now.differences().get(type);
    }

    private double lastSuccess() {
        TableStanding now = standing;
        return now == null
                ? Double.NaN
                : now.lastEqual().map(end -> (double) end.getEpochSecond()).orElse(NEVER);
    }
}
