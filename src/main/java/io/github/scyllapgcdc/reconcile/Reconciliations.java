package io.github.scyllapgcdc.reconcile;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import io.github.scyllapgcdc.source.log.TableException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runs of this process, each on a thread of its own. */
public final class Reconciliations extends ServiceSupport implements Reconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciliations.class);
    /** What was read longer ago than this is read again. */
    private static final Duration RESUMABLE = Duration.ofHours(24);

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LOCKS = Duration.ofSeconds(30);
    private static final Duration STOPPING = Duration.ofSeconds(5);
    /** Of runs begun at the same time, as by the timers of many tables, the others wait. */
    private static final int AT_ONCE = 2;

    private final CdcConfig config;
    private final Supplier<CqlSession> scylla;
    private final SchemaRegistry registry;
    private final DataSource dataSource;
    private final Preflight preflight;
    private final RunStore store;
    private final RunLocks locks;
    private final Semaphore slots = new Semaphore(AT_ONCE, true);
    private final Consumer<RunStatus> ended;
    private final Map<UUID, Active> active = new ConcurrentHashMap<>();
    private ScheduledExecutorService lockCheck;

    /**
     * No run yet.
     *
     * @param dataSource connections for reads that take long
     * @param ended is told of each run's end
     */
    public Reconciliations(
            CdcConfig config,
            Supplier<CqlSession> scylla,
            SchemaRegistry registry,
            DataSource dataSource,
            Consumer<RunStatus> ended) {
        this.config = config;
        this.scylla = scylla;
        this.registry = registry;
        this.dataSource = dataSource;
        this.preflight = new Preflight(config, scylla, dataSource);
        this.store = new RunStore(dataSource);
        this.locks = new RunLocks(dataSource);
        this.ended = ended;
    }

    /** A run of this process. */
    private final class Active {
        private final Run run;
        private final TableForm form;
        private final RunProgress progress;
        private final RunLocks.Held lock;
        private final StopRequest stop = new StopRequest();
        private final Thread thread = new Thread(this::work, "reconcile");
        private volatile RunStatus last;

        Active(Run run, TableForm form, RunProgress progress, RunLocks.Held lock) {
            this.run = run;
            this.form = form;
            this.progress = progress;
            this.lock = lock;
            thread.setDaemon(true);
        }

        RunStatus status() {
            RunStatus ending = last;
            return ending != null
                    ? ending
                    : run.status(RunStatus.State.RUNNING, progress.phase(), null, progress, null);
        }

        private void work() {
            RunStatus.State state;
            String error = null;
            LOG.info(
                    "Reconciliation {}: table={} mode={} run={}",
                    run.resumed() ? "taken up again" : "begun",
                    run.request().table(),
                    run.request().mode().text(),
                    run.request().id());
            try (Slot slot = Slot.of(slots, stop);
                    TableReconciler reconciler = new TableReconciler(
                            run, form, config, registry, scylla.get(), dataSource, store, progress, stop)) {
                reconciler.run();
                requireLock();
                state = progress.counts().left() == 0 ? RunStatus.State.EQUAL : RunStatus.State.DIFFERENT;
            } catch (StopRequest.StoppedException e) {
                state = RunStatus.State.STOPPED;
                error = e.getMessage();
            } catch (InterruptedException e) {
                state = RunStatus.State.STOPPED;
                error = "the application ended; run it again, and it goes on from here";
            } catch (SQLException | RuntimeException e) {
                state = RunStatus.State.FAILED;
                error = ErrorTaxonomy.reason(e);
                LOG.debug("why", e);
            } catch (Error e) { // as out of memory: the run must not look as if it went on
                state = RunStatus.State.FAILED;
                error = e.toString();
            }
            end(state, error);
        }

        private void requireLock() throws SQLException {
            if (!locks.holds(lock)) {
                throw new RowReadException("the connection that kept other runs of the table away was lost", null);
            }
        }

        private void end(RunStatus.State state, String error) {
            try {
                store.finish(run.request().id(), state, error, progress);
            } catch (SQLException e) { // then it is on record as running, and is taken up again as such
                LOG.warn(
                        "Reconciliation of {} ended and can't be put on record: {}",
                        run.request().table(),
                        e.getMessage());
            }
            try {
                locks.release(lock);
            } catch (SQLException e) { // then the connection is gone, and the lock with it
                LOG.debug("lock", e);
            }
            last = run.status(state, progress.phase(), Instant.now(), progress, error);
            LOG.info("Reconciliation ended: {}", RunText.of(last));
            active.remove(run.request().id(), this);
            ended.accept(last);
        }
    }

    @Override
    protected void doStart() {
        lockCheck = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "reconcile-locks");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> unused = lockCheck.scheduleWithFixedDelay(
                this::checkLocks, LOCKS.toSeconds(), LOCKS.toSeconds(), TimeUnit.SECONDS);
    }

    /** Without its lock a run must not go on: another instance may have begun the same by now. */
    private void checkLocks() {
        for (Active run : active.values()) {
            try {
                run.requireLock();
            } catch (RowReadException e) {
                run.stop.give(e);
            } catch (SQLException e) {
                LOG.debug("locks", e); // not known; asked again
            }
        }
    }

    @Override
    public synchronized RunStatus begin(ReconcileRequest request) {
        if (!isRunAllowed()) {
            throw new RunRefusedException("the application is stopping");
        }
        try {
            store.prepare();
            TableForm form = preflight.form(request);
            Active begun = active(request, form, lock(request.table()));
            active.put(begun.run.request().id(), begun);
            begun.thread.start();
            return begun.status();
        } catch (SQLException e) {
            throw new RowReadException("Postgres does not answer as it should: " + ErrorTaxonomy.reason(e), e);
        } catch (TableException e) {
            throw new RunRefusedException(e.getMessage(), e);
        } catch (AllNodesFailedException e) {
            throw new RowReadException(
                    "ScyllaDB at " + config.scylla().address() + " can't be reached (scylla.contact-points)", e);
        }
    }

    private RunLocks.Held lock(TableId table) throws SQLException {
        boolean here = active.values().stream()
                .anyMatch(run -> run.run.request().table().equals(table));
        Optional<RunLocks.Held> lock = here ? Optional.empty() : locks.take(table);
        return lock.orElseThrow(() -> new RunRefusedException("a reconciliation of " + table
                + " is under way already, in this or another instance: wait for it, or stop it"));
    }

    private Active active(ReconcileRequest request, TableForm form, RunLocks.Held lock) throws SQLException {
        try {
            String layout = form.layout();
            Optional<RunStore.Recorded> before = store.latest(request.table(), 1).stream()
                    .filter(latest -> goesOn(latest, request, layout))
                    .findFirst();
            store.leaveBehind(
                    request.table(), before.map(b -> b.run().request().id()).orElse(request.id()));
            if (before.isPresent()) {
                RunStatus was = before.get().status();
                Run run = before.get().run().takenUp(request);
                store.takeUp(run.request().id(), request);
                RunProgress progress = new RunProgress(before.get().counts());
                if (request.mode() != Mode.FULL) { // which knows by its checkpoints, to the row
                    progress.restored(was.scyllaRows(), was.postgresRows());
                }
                return new Active(run, form, progress, lock);
            }
            Run run = new Run(request, layout, Instant.now(), false);
            store.insert(run);
            return new Active(run, form, new RunProgress(Counts.NONE), lock);
        } catch (SQLException | RuntimeException e) {
            locks.release(lock);
            throw e;
        }
    }

    /** Whether a run is the one that is asked for, not ended, and what it read is good still. */
    private static boolean goesOn(RunStore.Recorded latest, ReconcileRequest request, String layout) {
        ReconcileRequest was = latest.run().request();
        boolean cutShort = switch (latest.status().state()) {
            case RUNNING, FAILED, STOPPED -> true;
            case EQUAL, DIFFERENT -> false;
        };
        return cutShort
                && !request.restart()
                && was.mode() == request.mode()
                && was.percent() == request.percent()
                && (was.since() == null || !was.since().isAfter(request.since()))
                && latest.run().layout().equals(layout)
                && latest.run().startedAt().isAfter(Instant.now().minus(RESUMABLE));
    }

    @Override
    public RunStatus await(UUID run) throws InterruptedException {
        Active waited = active.get(run);
        if (waited != null) {
            waited.thread.join();
            return waited.status();
        }
        return status(run).orElseThrow(() -> new IllegalArgumentException("there is no run " + run));
    }

    @Override
    public Optional<RunStatus> status(UUID run) {
        Active known = active.get(run);
        return known != null
                ? Optional.of(known.status())
                : recorded(() -> store.byId(run).stream().toList()).stream().findFirst();
    }

    @Override
    public List<RunStatus> runs(TableId table, int most) {
        List<RunStatus> runs = new ArrayList<>();
        for (RunStatus recorded : recorded(() -> store.latest(table, most))) {
            Active known = active.get(recorded.id());
            runs.add(known != null ? known.status() : recorded);
        }
        return runs;
    }

    @Override
    public List<Difference> differences(UUID run, long after, int most) {
        return ask(() -> DifferenceLog.list(dataSource, run, after, most));
    }

    @Override
    public List<TableStanding> standings(Collection<TableId> tables) {
        return ask(() -> store.standings(tables));
    }

    private List<RunStatus> recorded(Query<List<RunStore.Recorded>> query) {
        return ask(() -> {
            List<RunStatus> runs = new ArrayList<>();
            for (RunStore.Recorded recorded : query.ask()) {
                RunStatus status = recorded.status();
                boolean cutShort = status.state() == RunStatus.State.RUNNING
                        && !active.containsKey(status.id())
                        && !locks.isTaken(recorded.run().request().table());
                runs.add(cutShort ? status.cutShort() : status);
            }
            return runs;
        });
    }

    /** A query of what is on record. */
    @FunctionalInterface
    private interface Query<T> {
        T ask() throws SQLException;
    }

    private <T> T ask(Query<T> query) {
        try {
            store.prepare();
            return query.ask();
        } catch (SQLException e) {
            throw new RowReadException("Postgres does not answer as it should: " + ErrorTaxonomy.reason(e), e);
        }
    }

    @Override
    public boolean stop(UUID run) {
        Active known = active.get(run);
        if (known != null) {
            known.stop.give();
        }
        return known != null;
    }

    /** Runs end where they are, and can be taken up again. */
    @Override
    protected void doStop() throws InterruptedException, SQLException {
        lockCheck.shutdownNow();
        List<Active> running = List.copyOf(active.values());
        running.forEach(run -> run.stop.give());
        long deadline = System.nanoTime() + STOPPING.toNanos();
        for (Active run : running) {
            run.thread.join(
                    Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            run.thread.interrupt();
        }
        locks.close();
    }

    /** A run's turn. */
    private record Slot(Semaphore slots) implements AutoCloseable {
        static Slot of(Semaphore slots, StopRequest stop) throws InterruptedException {
            while (!slots.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                stop.check();
            }
            return new Slot(slots);
        }

        @Override
        public void close() {
            slots.release();
        }
    }
}
