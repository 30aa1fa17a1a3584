package io.github.scyllapgcdc.reconcile.route;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.TopicConfig;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.reconcile.Reconciliation;
import io.github.scyllapgcdc.reconcile.RunStatus;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects an engine with the application: {@link #bind} gives the routes their beans, and the engine calls {@link #accept} at
 * the end of each run, which is counted and reported. Neither can make a run fail.
 */
public final class ReconcileRoutes implements Consumer<RunStatus> {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileRoutes.class);

    private final CamelContext context;
    private final ReconcileMeters meters;
    private final RunReports reports;

    public ReconcileRoutes(CamelContext context, KafkaConfig kafka, TopicConfig topics) {
        this.context = context;
        this.meters = new ReconcileMeters(context);
        this.reports = new RunReports(context, kafka, topics);
    }

    /** Binds the beans that {@code routes/reconcile.camel.yaml} looks up. To be called before the context starts. */
    public void bind(Reconciliation reconciliation) {
        meters.follow(reconciliation);
        try {
            context.addService(meters);
        } catch (Exception e) { // Camel's signature: nothing is started yet
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
        context.getRegistry().bind(RouteRuns.BEAN, new RouteRuns(reconciliation));
        context.getRegistry().bind(ReconcileHttp.BEAN, new ReconcileHttp(reconciliation));
        context.getRegistry().bind(RunReports.BEAN, reports);
    }

    /** Takes a run that has ended. */
    @Override
    public void accept(RunStatus ended) {
        tell("counted", meters, ended);
        tell("reported", reports, ended);
    }

    private static void tell(String what, Consumer<RunStatus> listener, RunStatus ended) {
        try {
            listener.accept(ended);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Reconciliation not {}: table={} run={} reason=\"{}\"",
                    what,
                    ended.table(),
                    ended.id(),
                    ErrorTaxonomy.reason(e));
        }
    }
}
