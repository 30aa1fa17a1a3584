package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.fault.ErrorClass;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.logging.LogContext;
import java.time.Duration;
import java.util.Optional;

/**
 * One run of a source task, from the route's start to its stop.
 *
 * <pre>
 *              ┌──────── a server is away: again, after a growing pause ─────┐
 *   start ──► STARTING ──► RUNNING ──────────────────────────────────────────┘
 *                │            │ a batch failed, its outcome unknown: the route is stopped and started (a new producer)
 *                │            │ fenced, and another start of this task is on record: FENCED, until started by hand
 *                └────────────┴ a loss, a wrong route, too many failures: BLOCKED, until started by hand
 * </pre>
 */
final class SourceTask implements Runnable {
    private final ScyllaCdcConsumer consumer;
    private final SourceOptions options;
    private final SourceStatus status;
    private final Supervision supervision;
    private final StopSignal stop = new StopSignal();

    SourceTask(ScyllaCdcConsumer consumer, SourceStatus status, Supervision supervision) {
        this.consumer = consumer;
        this.options = consumer.options();
        this.status = status;
        this.supervision = supervision;
    }

    void stop() {
        stop.give();
    }

    @Override
    public void run() {
        LogContext.thread(consumer.getRouteId(), options.table().toString());
        try {
            while (!stop.given()) {
                if (!attempt()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Error e) { // a library that is missing, memory that is spent: nothing that a retry mends
            supervision.giveUp(SourceStatus.State.BLOCKED, e.toString());
            throw e;
        }
        if (stop.given()
                && status.state() != SourceStatus.State.FENCED
                && status.state() != SourceStatus.State.BLOCKED) {
            status.is(SourceStatus.State.STOPPED, "");
        }
    }

    /** Starts and runs until something fails; answers whether to try again in this thread. */
    private boolean attempt() throws InterruptedException {
        if (status.state() != SourceStatus.State.RETRYING) {
            status.is(SourceStatus.State.STARTING, "");
        }
        status.loading(null); // what is left to load, the checkpoints tell
        CdcConfig config = consumer.getEndpoint().getComponent().config();
        try (SourceRun run = new SourceRun(consumer, config, status, stop)) {
            try {
                run.start();
                run.publish();
                return false;
            } catch (BatchFailedException e) {
                return batchFailed(run, e);
            }
        } catch (RuntimeException e) { // our own, of the CQL driver, Kafka's clients, the registry
            return again(e);
        }
    }

    private boolean again(RuntimeException failure) throws InterruptedException {
        if (stop.given()) {
            return false;
        }
        if (needsSomebody(failure)) {
            supervision.giveUp(SourceStatus.State.BLOCKED, SourceException.oneLine(failure));
            return false;
        }
        Optional<Duration> pause = supervision.failed("the task failed", failure);
        return pause.isPresent() && !stop.within(pause.get());
    }

    private boolean batchFailed(SourceRun run, BatchFailedException failure) throws InterruptedException {
        if (failure.mayBeFenced() && run.takenOver()) {
            supervision.giveUp(
                    SourceStatus.State.FENCED,
                    "another process has started " + options.transactionalId() + " after this one; stop that one, or "
                            + "leave this one stopped (source.enabled=false makes an instance a sink only)");
            return false;
        }
        if (needsSomebody(failure)) {
            supervision.giveUp(SourceStatus.State.BLOCKED, SourceException.oneLine(failure.getCause()));
        } else if (!stop.given()) {
            supervision.failed("a batch failed", failure.getCause()).ifPresent(supervision::restartRoute);
        }
        return false;
    }

    private static boolean needsSomebody(Throwable failure) {
        return ErrorTaxonomy.classify(failure).filter(ErrorClass.FATAL::equals).isPresent();
    }
}
