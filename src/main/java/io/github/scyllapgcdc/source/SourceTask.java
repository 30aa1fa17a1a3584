package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.config.CdcConfig;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a source task, from the route's start to its stop.
 *
 * <pre>
 *              ┌─────────── a server is away: again, after a pause ──────────┐
 *   start ──► STARTING ──► RUNNING ──────────────────────────────────────────┘
 *                │            │ a batch failed, its outcome unknown: the route is stopped and started (a new producer)
 *                │            │ fenced, and another start of this task is on record: FENCED, until started by hand
 *                └────────────┴ a loss or a wrong route: BLOCKED, until started by hand
 * </pre>
 */
final class SourceTask implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceTask.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ScyllaCdcConsumer consumer;
    private final SourceOptions options;
    private final SourceStatus status;
    private final StopSignal stop = new StopSignal();

    SourceTask(ScyllaCdcConsumer consumer, SourceStatus status) {
        this.consumer = consumer;
        this.options = consumer.options();
        this.status = status;
    }

    void stop() {
        stop.give();
    }

    @Override
    public void run() {
        try {
            Duration pause = FIRST_PAUSE;
            while (!stop.given()) {
                long began = System.nanoTime();
                if (!attempt(pause)) {
                    return;
                }
                boolean wentWell = System.nanoTime() - began > LONGEST_PAUSE.toNanos();
                pause = wentWell ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Error e) { // a library that is missing, memory that is spent: nothing that a retry mends
            giveUp(SourceStatus.State.BLOCKED, e.toString());
            throw e;
        }
        if (stop.given()
                && status.state() != SourceStatus.State.FENCED
                && status.state() != SourceStatus.State.BLOCKED) {
            status.is(SourceStatus.State.STOPPED, "");
        }
    }

    /** Starts and runs until something fails; answers whether to try again in this thread. */
    private boolean attempt(Duration pause) throws InterruptedException {
        if (status.state() != SourceStatus.State.RETRYING) {
            status.is(SourceStatus.State.STARTING, "");
        }
        CdcConfig config = consumer.getEndpoint().getComponent().config();
        try (SourceRun run = new SourceRun(consumer, config, status, stop)) {
            try {
                run.start();
                run.publish();
                return false;
            } catch (BatchFailedException e) {
                return batchFailed(run, e);
            }
        } catch (SourceException e) {
            if (e.kind() == SourceException.Kind.STOP) {
                giveUp(SourceStatus.State.BLOCKED, e.getMessage());
                return false;
            }
            return again(e, pause);
        } catch (
                RuntimeException e) { // of the CQL driver, Kafka's clients or the registry: a server is away or refuses
            return again(e, pause);
        }
    }

    private boolean again(RuntimeException failure, Duration pause) throws InterruptedException {
        if (stop.given()) {
            return false;
        }
        String why = SourceException.oneLine(failure);
        LOG.error(
                "table={} task={} trying again in {} ms: {}",
                options.table(),
                options.share().task(),
                pause.toMillis(),
                why);
        LOG.debug("why", failure);
        status.restarting(why);
        return !stop.within(pause);
    }

    private boolean batchFailed(SourceRun run, BatchFailedException failure) throws InterruptedException {
        String why = SourceException.oneLine(failure.getCause());
        if (failure.mayBeFenced() && run.takenOver()) {
            giveUp(
                    SourceStatus.State.FENCED,
                    "another process has started " + options.transactionalId() + " after this one; stop that one, or "
                            + "leave this one stopped (source.enabled=false makes an instance a sink only)");
            return false;
        }
        if (stop.given()) {
            return false;
        }
        LOG.error(
                "table={} task={} a batch failed; starting the route again and reading the checkpoints back: {}",
                options.table(),
                options.share().task(),
                why);
        LOG.debug("why", failure);
        status.restarting(why);
        consumer.getEndpoint().getComponent().restarts().restart(consumer.getRouteId(), FIRST_PAUSE);
        return false;
    }

    private void giveUp(SourceStatus.State state, String why) {
        LOG.error(
                "table={} task={} stopped: {}", options.table(), options.share().task(), why);
        status.is(state, why);
        consumer.getEndpoint().getComponent().restarts().stop(consumer.getRouteId());
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
