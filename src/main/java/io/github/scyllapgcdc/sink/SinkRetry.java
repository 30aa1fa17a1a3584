package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.SinkConfig;
import io.github.scyllapgcdc.fault.Backoff;
import io.github.scyllapgcdc.fault.ErrorClass;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows a failed attempt to apply a batch, as a bean in a {@code doCatch}: it returns when the batch is to be
 * tried again, and throws when it is not. Then the consumer connects again and seeks, or the route stops.
 */
public final class SinkRetry {
    private static final Logger LOG = LoggerFactory.getLogger(SinkRetry.class);

    private final SinkConfig config;
    private final Backoff backoff;
    private final Errors errors;
    private final SinkRoutes routes;

    SinkRetry(SinkConfig config, Errors errors, SinkRoutes routes) {
        this.config = config;
        this.backoff = new Backoff(config.retryBackoff(), config.retryBackoffMax());
        this.errors = errors;
        this.routes = routes;
    }

    /**
     * Waits for the next attempt.
     *
     * @throws TableStoppedException if there will be none
     * @throws Exception the attempt's error, if the consumer is to connect again before the next one
     */
    @Handler
    public void afterFailure(Exchange exchange) throws Exception {
        Long since = exchange.getProperty(SinkProperties.FAILING_SINCE, Long.class);
        if (since == null) {
            since = System.nanoTime();
            exchange.setProperty(SinkProperties.FAILING_SINCE, since);
        }
        Exception error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        afterFailure(exchange.getFromRouteId(), error, since);
    }

    /** The same for a failure outside of an exchange, the first of its kind {@code sinceNanos}. */
    void afterFailure(String routeId, Exception error, long sinceNanos) throws Exception {
        String reason = ErrorTaxonomy.reason(error);
        if (!routes.wanted(routeId)) {
            throw error;
        }
        if (errors.classify(error) != ErrorClass.RETRY) {
            LOG.debug("Failed for good: route={}", routeId, error);
            throw stop(routeId, reason, error);
        }
        int failures = routes.status(routeId).failed(reason);
        if (config.maxRetries() >= 0 && failures > config.maxRetries()) {
            throw stop(routeId, "gave up after sink.max.retries=" + config.maxRetries() + ": " + reason, error);
        }
        Duration pause = backoff.pause(failures);
        LOG.warn(
                "Failed, will be tried again: route={} failures={} pauseMillis={} reason=\"{}\"",
                routeId,
                failures,
                pause.toMillis(),
                reason);
        Backoff.sleep(pause, () -> routes.wanted(routeId));
        if (needsSeek(error) || !routes.wanted(routeId) || tooLong(sinceNanos, pause)) {
            throw error;
        }
    }

    /** A consumer reads from its stored offsets. */
    void assigned(String routeId, int partitions, Optional<String> noticed) {
        if (routes.wanted(
                routeId)) { // Camel connects once more while a route stops, whose status is to say why it does
            routes.status(routeId).assigned(partitions, noticed);
        }
    }

    private TableStoppedException stop(String routeId, String reason, Exception error) {
        routes.stop(routeId, reason);
        return new TableStoppedException(reason, error);
    }

    /** Whether the next pause would leave the consumer silent for so long that Kafka might take it for dead. */
    private boolean tooLong(long sinceNanos, Duration pause) {
        Duration spent = Duration.ofNanos(System.nanoTime() - sinceNanos);
        return spent.plus(pause).compareTo(config.maxPollInterval().dividedBy(2)) > 0;
    }

    private static boolean needsSeek(Throwable error) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof ResumeException) {
                return true;
            }
        }
        return false;
    }
}
