package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.status.RouteStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a sink route does at the moment, for health and for people.
 *
 * <pre>
 *   STARTING ──► RUNNING ◄──► RETRYING
 *       │           │             │
 *       └───────────┴──► STOPPED ◄┘      only a person starts the route again
 * </pre>
 */
public final class SinkStatus implements RouteStatus {
    private enum State {
        STARTING,
        RUNNING,
        RETRYING,
        STOPPED
    }

    private final String routeId;
    private State state = State.STARTING;
    private String detail = "is starting";
    private int failures;
    private long applied;
    private long repeated;
    private long deadLettered;
    private long batches;
    private Instant lastApplied;

    SinkStatus(String routeId) {
        this.routeId = routeId;
    }

    @Override
    public String routeId() {
        return routeId;
    }

    @Override
    public synchronized boolean up() {
        return state == State.RUNNING;
    }

    @Override
    public synchronized String detail() {
        return detail;
    }

    @Override
    public synchronized Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("appliedRecords", applied);
        figures.put("repeatedRecords", repeated);
        figures.put("deadLetters", deadLettered);
        figures.put("batches", batches);
        figures.put("failuresInARow", failures);
        if (lastApplied != null) {
            figures.put("lastApplied", lastApplied.toString());
        }
        return figures;
    }

    /** The route begins to read, or waits for something before it can. */
    synchronized void starting(String what) {
        state = State.STARTING;
        detail = what;
    }

    synchronized void assigned(int partitions) {
        state = State.RUNNING;
        failures = 0;
        detail = "applies " + partitions + " partitions";
    }

    synchronized void applied(BatchApplier.Result result) {
        if (state == State.RETRYING) {
            state = State.RUNNING;
            detail = "applies changes again";
        }
        failures = 0;
        batches++;
        applied += result.applied();
        repeated += result.repeated();
        deadLettered += result.deadLettered();
        lastApplied = Instant.now();
    }

    /** Counts a failure that may pass; returns how many there were in a row. */
    synchronized int failed(String reason) {
        failures++;
        state = State.RETRYING;
        detail = "tries again after " + failures + " failures: " + reason;
        return failures;
    }

    synchronized void stopped(String reason) {
        state = State.STOPPED;
        detail = "is stopped: " + reason;
    }

    synchronized boolean isStopped() {
        return state == State.STOPPED;
    }
}
