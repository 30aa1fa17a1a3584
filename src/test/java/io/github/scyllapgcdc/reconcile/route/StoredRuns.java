package io.github.scyllapgcdc.reconcile.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.reconcile.Difference;
import io.github.scyllapgcdc.reconcile.Discrepancy;
import io.github.scyllapgcdc.reconcile.Mode;
import io.github.scyllapgcdc.reconcile.ReconcileRequest;
import io.github.scyllapgcdc.reconcile.Reconciliation;
import io.github.scyllapgcdc.reconcile.RunRefusedException;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.github.scyllapgcdc.reconcile.RunStatus.Phase;
import io.github.scyllapgcdc.reconcile.RunStatus.State;
import io.github.scyllapgcdc.reconcile.TableStanding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * What HTTP, routes and the command line need of an engine: runs that are what a test makes them. A run that {@link #begin} makes is
 * as {@link #next} says, and under way until somebody looks at it; {@link #hold} keeps it so until {@link #stop}.
 */
public final class StoredRuns implements Reconciliation {
    public static final Instant BEGAN = Instant.parse("2026-01-31T08:00:00Z");

    /** The requests that were taken. */
    public final List<ReconcileRequest> requests = new CopyOnWriteArrayList<>();

    private final List<RunStatus> runs = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private final Map<UUID, RunStatus> ends = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile RuntimeException failure;
    private volatile RunStatus next = run("ecommerce.users", State.EQUAL, 0, 0);
    private volatile boolean hold;
    private volatile boolean refused;

    /** A full run with so many missing rows of which some are repaired. */
    public static RunStatus run(String table, State state, long missing, long repaired) {
        boolean ended = state != State.RUNNING;
        return new RunStatus(
                UUID.randomUUID(),
                table,
                Mode.FULL,
                state,
                ended ? Phase.DONE : Phase.READING_SCYLLA,
                BEGAN,
                ended ? BEGAN.plusSeconds(65) : null,
                ended ? 1200 : 300,
                ended ? 1200 - missing : 0,
                ended ? 1 : 0.25,
                150,
                ended ? 0 : 6,
                missing,
                0,
                0,
                0,
                repaired,
                missing - repaired,
                state == State.FAILED ? "Connection refused" : null,
                false);
    }

    /** How the next run ends. */
    public StoredRuns next(RunStatus end) {
        next = end;
        return this;
    }

    /** The next run goes on until it is stopped. */
    public StoredRuns hold() {
        hold = true;
        return this;
    }

    /** Everything fails from now on; null: nothing does. */
    public StoredRuns fail(RuntimeException failure) {
        this.failure = failure;
        return this;
    }

    /** A difference of the next run. */
    public synchronized StoredRuns found(Discrepancy type, String key, String columns, String repair) {
        try {
            ObjectMapper json = new ObjectMapper();
            differences.add(new Difference(
                    differences.size() + 1,
                    next.id(),
                    next.table(),
                    json.readTree(key),
                    type,
                    json.readTree(columns),
                    BEGAN.plusSeconds(30),
                    repair.equals("repaired"),
                    repair));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Whether somebody asked a run to stop. */
    public boolean isStopped() {
        return stopped.getCount() == 0;
    }

    @Override
    public synchronized RunStatus begin(ReconcileRequest request) {
        check();
        if (ends.values().stream()
                .anyMatch(run -> run.table().equals(request.table().toString()))) {
            throw new RunRefusedException("run of " + request.table() + " is under way since " + BEGAN);
        }
        requests.add(request);
        RunStatus begun = with(next, State.RUNNING);
        runs.add(0, begun);
        ends.put(next.id(), next);
        return begun;
    }

    @Override
    public RunStatus await(UUID run) throws InterruptedException {
        if (hold) {
            stopped.await();
        }
        return finish(run);
    }

    @Override
    public Optional<RunStatus> status(UUID run) {
        check();
        Optional<RunStatus> now = find(run);
        if (!hold || isStopped()) {
            now.ifPresent(seen -> finish(seen.id()));
        }
        return now;
    }

    @Override
    public synchronized List<RunStatus> runs(TableId table, int most) {
        check();
        return runs.stream()
                .filter(run -> table == null || run.table().equals(table.toString()))
                .limit(most)
                .toList();
    }

    @Override
    public synchronized List<Difference> differences(UUID run, long after, int most) {
        check();
        return differences.stream()
                .filter(difference -> difference.run().equals(run) && difference.id() > after)
                .limit(most)
                .toList();
    }

    @Override
    public synchronized List<TableStanding> standings(Collection<TableId> tables) {
        check();
        return tables.stream().map(TableId::toString).map(this::standing).toList();
    }

    private TableStanding standing(String table) {
        Map<Discrepancy, Long> open = new EnumMap<>(Discrepancy.class);
        for (Discrepancy type : Discrepancy.values()) {
            open.put(
                    type,
                    differences.stream()
                            .filter(found -> found.table().equals(table) && found.type() == type && !found.resolved())
                            .count());
        }
        return new TableStanding(
                table,
                open,
                runs.stream()
                        .filter(run -> run.table().equals(table) && run.state() == State.EQUAL)
                        .map(RunStatus::finishedAt)
                        .max(Comparator.naturalOrder()));
    }

    @Override
    public boolean stop(UUID run) {
        check();
        if (!ends.containsKey(run)) {
            return false;
        }
        ends.put(run, with(ends.get(run), State.STOPPED));
        stopped.countDown();
        return true;
    }

    private synchronized Optional<RunStatus> find(UUID id) {
        return runs.stream().filter(run -> run.id().equals(id)).findFirst();
    }

    private synchronized RunStatus finish(UUID id) {
        RunStatus end = ends.remove(id);
        if (end != null) {
            runs.replaceAll(run -> run.id().equals(id) ? end : run);
        }
        return find(id).orElseThrow();
    }

    /** Whether somebody was told of a failure. */
    public boolean wasRefused() {
        return refused;
    }

    private void check() {
        if (failure != null) {
            refused = true;
            throw failure;
        }
    }

    private static RunStatus with(RunStatus run, State state) {
        RunStatus blank = run(run.table(), state, run.missing(), run.repaired());
        return new RunStatus(
                run.id(),
                run.table(),
                run.mode(),
                state,
                blank.phase(),
                run.startedAt(),
                blank.finishedAt(),
                blank.scyllaRows(),
                blank.postgresRows(),
                blank.progress(),
                blank.rowsPerSecond(),
                blank.secondsLeft(),
                run.missing(),
                run.mismatch(),
                run.extra(),
                run.undetermined(),
                run.repaired(),
                run.left(),
                null,
                run.resumed());
    }
}
