package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.status.RouteStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

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

    private static final Duration LAG_KNOWN_FOR = Duration.ofSeconds(30);

    private final String routeId;
    private State state = State.STARTING;
    private String detail = "is starting";
    private int partitions;
    private Optional<String> noticed = Optional.empty();
    private int failures;
    private long failuresEver;
    private Instant failingSince;
    private long lag;
    private long lagKnownNanos;
    private long applied;
    private long repeated;
    private long deadLettered;
    private long batches;
    private Instant lastApplied;
    private long appliedUntilMillis;

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
        figures.put("lagRecords", lag);
        lagMillis().ifPresent(millis -> figures.put("lagMillis", millis));
        figures.put("failuresInARow", failures);
        if (failingSince != null) {
            figures.put("failingSince", failingSince.toString());
        }
        if (lastApplied != null) {
            figures.put("lastApplied", lastApplied.toString());
        }
        return figures;
    }

    @Override
    public synchronized long failures() {
        return failuresEver;
    }

    @Override
    public synchronized long changes() {
        return applied;
    }

    @Override
    public synchronized long deadLetters() {
        return deadLettered;
    }

    /** Since the newest record that is applied was published; 0 while all are. */
    @Override
    public synchronized OptionalLong lagMillis() {
        if (standsBy() || (lag == 0 && lagKnownNanos != 0)) {
            return OptionalLong.of(0);
        }
        return appliedUntilMillis == 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, System.currentTimeMillis() - appliedUntilMillis));
    }

    @Override
    public synchronized OptionalLong lagRecords() {
        if (standsBy()) {
            return OptionalLong.of(0);
        }
        boolean known = lagKnownNanos != 0 && System.nanoTime() - lagKnownNanos < LAG_KNOWN_FOR.toNanos();
        return known ? OptionalLong.of(lag) : OptionalLong.empty();
    }

    /** Behind, and not waiting for anything: then batches must go on. */
    @Override
    public synchronized OptionalLong progress() {
        boolean known = System.nanoTime() - lagKnownNanos < LAG_KNOWN_FOR.toNanos();
        return state == State.RUNNING && known && lag > 0 ? OptionalLong.of(batches) : OptionalLong.empty();
    }

    /** Other instances have all partitions, and what they have before them. */
    private boolean standsBy() {
        return state == State.RUNNING && partitions == 0;
    }

    /** How many records of this instance's partitions are in Kafka and not applied. */
    synchronized void lag(long records) {
        lag = records;
        if (records == 0 && state == State.RUNNING) { // what was to be applied again is
            noticed = Optional.empty();
            applies();
        }
        lagKnownNanos = System.nanoTime();
    }

    /** The route begins to read, or waits for something before it can. */
    synchronized void starting(String what) {
        state = State.STARTING;
        detail = what;
    }

    synchronized void assigned(int assigned, Optional<String> what) {
        state = State.RUNNING;
        wentWell();
        partitions = assigned;
        noticed = what;
        applies();
    }

    /**
     * Counts a batch.
     *
     * @param untilMillis when the newest of its records was published
     */
    synchronized void applied(BatchApplier.Result result, long untilMillis) {
        appliedUntilMillis = Math.max(appliedUntilMillis, untilMillis);
        if (state == State.RETRYING) {
            state = State.RUNNING;
            detail = "applies changes again";
        }
        wentWell();
        batches++;
        applied += result.applied();
        repeated += result.repeated();
        deadLettered += result.deadLettered();
        lastApplied = Instant.now();
    }

    /** Counts a failure that may pass; returns how many there were in a row. */
    synchronized int failed(String reason) {
        failures++;
        failuresEver++;
        if (failingSince == null) {
            failingSince = Instant.now();
        }
        state = State.RETRYING;
        detail = "tries again since " + failingSince.truncatedTo(ChronoUnit.SECONDS) + ", " + failures + " failures: "
                + reason;
        return failures;
    }

    private void applies() {
        detail = partitions == 0
                ? "stands by: other instances have all partitions, or the topic is gone"
                : "applies " + partitions + " partitions"
                        + noticed.map(what -> "; " + what).orElse("");
    }

    private void wentWell() {
        failures = 0;
        failingSince = null;
    }

    synchronized void stopped(String reason) {
        state = State.STOPPED;
        detail = "is stopped: " + reason;
    }

    synchronized boolean isStopped() {
        return state == State.STOPPED;
    }
}
