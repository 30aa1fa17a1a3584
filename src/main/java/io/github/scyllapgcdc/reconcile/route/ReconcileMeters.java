package io.github.scyllapgcdc.reconcile.route;

import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.metrics.Meters;
import io.github.scyllapgcdc.reconcile.Reconciliation;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.github.scyllapgcdc.reconcile.TableStanding;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that ended in this process, and how each table that has a sink here stands by what is on record of it: another instance may
 * have done the runs, or this one before it was started again.
 */
final class ReconcileMeters extends ServiceSupport implements Consumer<RunStatus> {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileMeters.class);
    private static final Duration LOOK = Duration.ofSeconds(15);

    private final CamelContext context;
    private final Map<TableId, RunMeters> tables = new ConcurrentHashMap<>();
    private Set<TableId> withSink = Set.of();
    private Reconciliation reconciliation;
    private ScheduledExecutorService looking;

    ReconcileMeters(CamelContext context) {
        this.context = context;
    }

    void follow(Reconciliation followed) {
        this.reconciliation = followed;
    }

    @Override
    protected void doStart() {
        looking = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "reconcile-meters");
        ScheduledFuture<?> unused =
                looking.scheduleWithFixedDelay(this::tryLook, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() {
        if (looking != null) {
            context.getExecutorServiceManager().shutdownNow(looking);
        }
    }

    @Override
    public void accept(RunStatus ended) {
        MeterRegistry registry = registry();
        if (registry != null) {
            RunMeters meters = of(registry, TableId.parse(ended.table()));
            tryLook(); // so that who sees the run counted sees what it left
            meters.ended(ended);
        }
    }

    private void tryLook() {
        try {
            look();
        } catch (RuntimeException e) { // what was known stays; health tells of a server that is away
            LOG.debug("What is on record of the tables can't be read: {}", ErrorTaxonomy.reason(e));
        }
    }

    /** Reads how the tables stand. */
    synchronized void look() {
        MeterRegistry registry = registry();
        if (registry == null) {
            return; // camel.metrics.enabled=false
        }
        followSinks(registry);
        if (!tables.isEmpty()) {
            for (TableStanding now : reconciliation.standings(tables.keySet())) {
                RunMeters meters = tables.get(TableId.parse(now.table()));
                if (meters != null) {
                    meters.stands(now);
                }
            }
        }
    }

    /** A table whose sink is gone is nobody's concern any more. */
    private void followSinks(MeterRegistry registry) {
        Set<TableId> there = Meters.of(context).topics().stream()
                .flatMap(topic -> table(topic).stream())
                .collect(Collectors.toSet());
        for (TableId before : withSink) {
            RunMeters gone = there.contains(before) ? null : tables.remove(before);
            if (gone != null) {
                gone.remove();
            }
        }
        there.forEach(table -> of(registry, table));
        withSink = there;
    }

    /** Empty for a topic of somebody else, for which no run can be asked. */
    private static Optional<TableId> table(String topic) {
        try {
            return Optional.of(TableId.parse(topic));
        } catch (IllegalArgumentException e) {
            LOG.trace("no table", e);
            return Optional.empty();
        }
    }

    private RunMeters of(MeterRegistry registry, TableId table) {
        return tables.computeIfAbsent(table, id -> new RunMeters(registry, id.toString()));
    }

    private MeterRegistry registry() {
        return context.getRegistry().findSingleByType(MeterRegistry.class);
    }
}
