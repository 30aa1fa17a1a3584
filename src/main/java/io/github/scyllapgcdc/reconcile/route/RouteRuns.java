package io.github.scyllapgcdc.reconcile.route;

import io.github.scyllapgcdc.http.JsonHttp;
import io.github.scyllapgcdc.reconcile.ReconcileRequest;
import io.github.scyllapgcdc.reconcile.Reconciliation;
import io.github.scyllapgcdc.reconcile.RunStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Route;
import org.apache.camel.support.service.BaseService;

/** The bean {@code reconciliationRuns}: a run for a route, which goes on when the run has ended. */
public final class RouteRuns {
    /** The name of the bean. */
    public static final String BEAN = "reconciliationRuns";

    private static final long LOOK_MILLIS = 250;

    private final Reconciliation reconciliation;

    RouteRuns(Reconciliation reconciliation) {
        this.reconciliation = reconciliation;
    }

    /**
     * Begins the run that the body asks for, as JSON or as a map, and waits for its end. A route that is being stopped is not held up:
     * then the run goes on by itself, and is given as it stood.
     *
     * @throws IllegalArgumentException if the body is no request
     * @throws io.github.scyllapgcdc.reconcile.RunRefusedException if the run cannot be begun as things are
     */
    @Handler
    public RunStatus run(Exchange exchange) throws InterruptedException, ExecutionException {
        RunStatus begun = reconciliation.begin(ReconcileRequest.of(given(exchange), Instant.now()));
        CamelContext context = exchange.getContext();
        FutureTask<RunStatus> end = new FutureTask<>(() -> reconciliation.await(begun.id()));
        context.getExecutorServiceManager()
                .newThread("reconcile-" + begun.table(), end)
                .start();
        try {
            RunStatus ended = null;
            while (ended == null && wanted(context, exchange.getFromRouteId())) {
                ended = look(end);
            }
            return ended == null ? begun : ended;
        } finally {
            end.cancel(true);
        }
    }

    private static RunStatus look(FutureTask<RunStatus> end) throws InterruptedException, ExecutionException {
        try {
            return end.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillRunning) {
            return null;
        }
    }

    private static Map<String, Object> given(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof Map<?, ?> map)) {
            return JsonHttp.values(exchange.getMessage().getBody(String.class));
        }
        Map<String, Object> given = new LinkedHashMap<>();
        map.forEach((name, value) -> given.put(String.valueOf(name), value));
        return given;
    }

    /** Whether the route that the exchange began in is meant to go on. */
    private static boolean wanted(CamelContext context, String routeId) {
        if (context.isStopping() || context.isStopped()) {
            return false;
        }
        Route route = routeId == null ? null : context.getRoute(routeId);
        return route == null
                || !(route.getConsumer() instanceof BaseService consumer)
                || !(consumer.isStoppingOrStopped() || consumer.isSuspendingOrSuspended());
    }
}
