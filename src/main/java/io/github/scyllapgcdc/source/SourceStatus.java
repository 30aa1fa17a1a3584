package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.source.load.LoadProgress;
import io.github.scyllapgcdc.status.RouteStatus;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** What one source task tells about itself, for health and metrics. Written by the task, read by any thread. */
public final class SourceStatus implements RouteStatus {

    /** What the task is doing. */
    public enum State {
        /** The route is not started, or was stopped by hand. */
        STOPPED,
        /** Connecting, and reading checkpoints back. */
        STARTING,
        /** Reading and publishing. */
        RUNNING,
        /** Waits to try again after a failure. */
        RETRYING,
        /** Another process runs this task; stays stopped. */
        FENCED,
        /** Going on would lose or repeat changes, or needs a decision; stays stopped. */
        BLOCKED
    }

    private static final Duration LONGEST_SEND = Duration.ofSeconds(30);

    private final String routeId;
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong deadLettered = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong restarts = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final AtomicLong refreshed = new AtomicLong();
    private final FailureStreak streak = new FailureStreak();
    private volatile State state = State.STOPPED;
    /** In {@link System#nanoTime()}; null between batches. */
    private volatile Long sendingSinceNanos;

    private volatile String reason = "";
    private volatile long publishedUntilMillis;
    private volatile long clockOffsetMillis;
    private volatile long confidenceMillis;
    private volatile boolean clocksDiffer;
    private volatile LoadProgress load;

    SourceStatus(String routeId) {
        this.routeId = routeId;
    }

    @Override
    public String routeId() {
        return routeId;
    }

    @Override
    public boolean up() {
        return state == State.RUNNING && sendingMillis() < LONGEST_SEND.toMillis();
    }

    /** How long Kafka has been working on the batch under way; 0 between batches. */
    private long sendingMillis() {
        Long since = sendingSinceNanos;
        return since == null ? 0 : Duration.ofNanos(System.nanoTime() - since).toMillis();
    }

    /** What the task is doing. */
    public State state() {
        return state;
    }

    /** Why it is in this state, or the last failure while it retries; empty while all is well. */
    public String reason() {
        return reason;
    }

    /** How long ago the newest moment is up to which everything is in Kafka, milliseconds. */
    @Override
    public OptionalLong lagMillis() {
        long until = publishedUntilMillis;
        return until == 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, System.currentTimeMillis() - until));
    }

    @Override
    public long changes() {
        return published.get();
    }

    @Override
    public long deadLetters() {
        return deadLettered.get();
    }

    /** Starts of this task after a failure. */
    public long restarts() {
        return restarts.get();
    }

    /** Changes that were seen to come later than the confidence window allows for, in the sampled windows alone. */
    public long late() {
        return late.get();
    }

    @Override
    public long failures() {
        return restarts.get();
    }

    /** A task that runs moves on with the clock even when nothing is written. */
    @Override
    public OptionalLong progress() {
        return state == State.RUNNING
                ? OptionalLong.of(publishedUntilMillis
                        + published.get()
                        + refreshed.get()
                        + load().map(LoadProgress::rows).orElse(0L))
                : OptionalLong.empty();
    }

    @Override
    public String detail() {
        String said = switch (state) {
            case STOPPED -> "stopped";
            case STARTING -> "starting";
            case RUNNING -> running() + (up() ? "" : "; Kafka has not answered for " + sendingMillis() / 1000 + " s");
            case RETRYING -> retrying();
            case FENCED -> "another process runs this task";
            case BLOCKED -> "blocked";
        };
        String why = reason.isEmpty() ? "" : ": " + reason;
        String clocks = clocksDiffer
                ? "; ScyllaDB's clock is " + clockOffsetMillis
                        + " ms off ours, more than source.max-clock-skew.ms allows," + " so the confidence window is "
                        + confidenceMillis + " ms"
                : "";
        return said + why + clocks;
    }

    private String retrying() {
        int failures = streak.failures();
        String often = failures == 1 ? "1 failure" : failures + " failures";
        return streak.since()
                .map(since -> "trying again since " + since.truncatedTo(ChronoUnit.SECONDS) + " after " + often)
                .orElse("trying again");
    }

    private String running() {
        LoadProgress loading = load;
        if (loading != null) {
            return loading.toString();
        }
        OptionalLong lag = lagMillis();
        return lag.isEmpty() ? "has just begun" : "published up to " + lag.getAsLong() + " ms ago";
    }

    /** Keys that were read again and published because somebody asked for it, since the application started. */
    public long refreshed() {
        return refreshed.get();
    }

    /** The load of existing rows under way. */
    public Optional<LoadProgress> load() {
        return Optional.ofNullable(load);
    }

    @Override
    public Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("lagMillis", lagMillis().orElse(-1));
        figures.put("published", published.get());
        figures.put("deadLettered", deadLettered.get());
        figures.put("batches", batches.get());
        figures.put("restarts", restarts.get());
        figures.put("failuresInARow", streak.failures());
        streak.since().ifPresent(since -> figures.put("failingSince", since.toString()));
        figures.put("missedLateChanges", late.get());
        figures.put("refreshed", refreshed.get());
        load().ifPresent(loading -> {
            figures.put("loadedRows", loading.rows());
            figures.put("loadedRowsPerSecond", loading.rowsPerSecond());
            figures.put("loadedPercentOfRing", loading.percent());
            figures.put("loadSecondsLeft", loading.secondsLeft());
        });
        figures.put("clockOffsetMillis", clockOffsetMillis);
        figures.put("confidenceWindowMillis", confidenceMillis);
        return figures;
    }

    void is(State newState, String why) {
        reason = why;
        state = newState;
    }

    FailureStreak streak() {
        return streak;
    }

    void restarting(String why) {
        restarts.incrementAndGet();
        is(State.RETRYING, why);
    }

    void batchPublished(long changes, long undecodable) {
        streak.published();
        batches.incrementAndGet();
        published.addAndGet(changes);
        deadLettered.addAndGet(undecodable);
    }

    /** How far a load is; null when there is none. */
    void loading(LoadProgress progress) {
        load = progress;
    }

    void refreshed(long keys) {
        refreshed.addAndGet(keys);
    }

    void late(long changes) {
        late.addAndGet(changes);
    }

    /** A batch is handed to the route. A producer may wait for a hanging broker's transaction coordinator without end. */
    void sending() {
        sendingSinceNanos = System.nanoTime();
    }

    void sent() {
        sendingSinceNanos = null;
    }

    void publishedUntil(long millis) {
        publishedUntilMillis = millis;
    }

    void clock(long offsetMillis, long newConfidenceMillis, boolean differ) {
        clockOffsetMillis = offsetMillis;
        confidenceMillis = newConfidenceMillis;
        clocksDiffer = differ;
    }
}
