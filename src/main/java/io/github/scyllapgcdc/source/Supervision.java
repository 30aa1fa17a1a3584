package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.source.SourceStatus.State;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows a failure of a source task: another attempt after a pause, or, after {@code source.max.restarts}
 * failures in a row, none until somebody starts the route by hand. What was before is in the status, which outlives the route's
 * consumers.
 */
final class Supervision {
    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);

    private final ScyllaCdcConsumer consumer;
    private final SourceStatus status;

    Supervision(ScyllaCdcConsumer consumer, SourceStatus status) {
        this.consumer = consumer;
        this.status = status;
    }

    /** The route starts. Unless that is an attempt after a failure, what failed before no longer counts. */
    void starting() {
        if (status.state() != State.RETRYING) {
            status.streak().clear();
        }
    }

    /**
     * Notes a failure.
     *
     * @param what what could not be done, for the log
     * @return how long to wait before the next attempt; empty when there shall be none, and the route is being stopped
     */
    Optional<Duration> failed(String what, Throwable failure) {
        String why = SourceException.oneLine(failure);
        LOG.debug("why", failure);
        FailureStreak streak = status.streak();
        int failures = streak.failed();
        int most = component().config().source().maxRestarts();
        if (most >= 0 && failures > most) {
            String since =
                    streak.since().orElseThrow().truncatedTo(ChronoUnit.SECONDS).toString();
            giveUp(
                    State.BLOCKED,
                    "gave up after source.max.restarts=" + most + " attempts to go on since " + since
                            + "; start the route again when this is mended: " + why);
            return Optional.empty();
        }
        Duration pause = streak.pause();
        LOG.error(
                "table={} task={} failures={} {}, trying again in {} ms: {}",
                consumer.options().table(),
                consumer.options().share().task(),
                failures,
                what,
                pause.toMillis(),
                why);
        status.restarting(why);
        return Optional.of(pause);
    }

    /** Stops the route and starts it after a pause, which gives it a new producer. */
    void restartRoute(Duration pause) {
        component()
                .restarts()
                .restart(consumer.getRouteId(), pause, failure -> failed("the route can't be started", failure));
    }

    /** Stops the route until somebody starts it by hand. */
    void giveUp(State state, String why) {
        LOG.error(
                "table={} task={} stopped: {}",
                consumer.options().table(),
                consumer.options().share().task(),
                why);
        status.is(state, why);
        component().restarts().stop(consumer.getRouteId());
    }

    private ScyllaCdcComponent component() {
        return consumer.getEndpoint().getComponent();
    }
}
