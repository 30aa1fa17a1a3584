package io.github.scyllapgcdc.reconcile.route;

import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.metrics.Meters;
import io.github.scyllapgcdc.reconcile.Reconciliation;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
            of(registry, ended.table()).ended(ended);
            tryLook();
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
    void look() {
        MeterRegistry registry = registry();
        if (registry == null) {
            return; // camel.metrics.enabled=false
        }
        Meters.of(context).sinks().forEach(topic -> ofTopic(registry, topic));
        if (!tables.isEmpty()) {
            reconciliation
                    .standings(tables.keySet())
                    .forEach(now -> tables.get(TableId.parse(now.table())).stands(now));
        }
    }

    private void ofTopic(MeterRegistry registry, String topic) {
        try {
            of(registry, topic);
        } catch (IllegalArgumentException e) { // a topic of somebody else, which no run can be asked for
            LOG.debug("no runs", e);
        }
    }

    private RunMeters of(MeterRegistry registry, String table) {
        return tables.computeIfAbsent(TableId.parse(table), id -> new RunMeters(registry, id.toString()));
    }

    private MeterRegistry registry() {
        return context.getRegistry().findSingleByType(MeterRegistry.class);
    }
}
