package io.github.scyllapgcdc.source.load;

import io.github.scyllapgcdc.config.Snapshot;
import io.github.scyllapgcdc.source.checkpoint.CheckpointState;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue.Load;
import io.github.scyllapgcdc.source.checkpoint.TaskShare;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Whether a task has rows to load.
 *
 * <p>A load that was cut short is taken up again under its own {@code since}: of the group that was under way some rows are
 * published already, and only the log from {@code since} on tells which of them were deleted in the meantime. Where the log
 * may not reach back that far any more, the load begins anew as a reload, at whose end readers look for rows that are gone.
 */
public final class LoadPlan {
    /** Of the log's TTL: the age from which a load's start is not relied on. What is left is time to read the log. */
    private static final double TOO_OLD = 0.75;
    /** The age from which groups that are not begun yet had better be read from a later time on. */
    private static final double OLD = 0.25;

    private final CheckpointState committed;
    private final TaskShare share;
    private final Optional<Duration> ttl;
    private final long nowMillis;
    private final long finalUntil;

    /**
     * A plan.
     *
     * @param ttl how long the log keeps a change; empty: for ever
     * @param finalUntil the log is complete up to here, and a read sees all that is older; milliseconds since 1970
     */
    public LoadPlan(
            CheckpointState committed, TaskShare share, Optional<Duration> ttl, long nowMillis, long finalUntil) {
        this.committed = committed;
        this.share = share;
        this.ttl = ttl;
        this.nowMillis = nowMillis;
        this.finalUntil = finalUntil;
    }

    /** The load to go on with, or to begin, which is so if it is not the one on record; empty if there is nothing to load. */
    public Optional<Load> load(Snapshot snapshot) {
        Optional<Load> own = committed.load(share);
        List<Load> leftOver = committed.unfinishedLoadsOfOtherSets(share.tasks()).stream()
                .filter(other -> own.isEmpty() || other.begun() > own.get().begun())
                .toList();
        if (!leftOver.isEmpty()) {
            return Optional.of(takeOver(leftOver));
        }
        if (own.isPresent()) {
            return own.filter(load -> !load.done()).map(load -> tooOld(load.since(), ttl, nowMillis) ? reload() : load);
        }
        return snapshot == Snapshot.INITIAL && !committed.anythingOf(share)
                ? Optional.of(begin(nowMillis, finalUntil, false))
                : Optional.empty();
    }

    /** A load of everything, after changes were lost. */
    public Load reload() {
        return reload(nowMillis, finalUntil);
    }

    /** A load of everything, after changes were lost, whatever is on record. */
    public static Load reload(long nowMillis, long finalUntil) {
        return begin(nowMillis, finalUntil, true);
    }

    private Load takeOver(List<Load> others) {
        long since =
                others.stream().map(Load::since).min(Comparator.naturalOrder()).orElse(finalUntil);
        return others.stream().anyMatch(Load::reload) || tooOld(since, ttl, nowMillis)
                ? reload()
                : begin(nowMillis, since, false);
    }

    private static Load begin(long nowMillis, long since, boolean reload) {
        return new Load(UUID.randomUUID().toString(), nowMillis, since, reload, false);
    }

    /** Whether the log may soon have lost what is newer than {@code since}. */
    public static boolean tooOld(long since, Optional<Duration> ttl, long nowMillis) {
        return older(since, ttl, nowMillis, TOO_OLD);
    }

    /** Whether groups that are begun now should be read from the log from a later time on than {@code since}. */
    public static boolean old(long since, Optional<Duration> ttl, long nowMillis) {
        return older(since, ttl, nowMillis, OLD);
    }

    private static boolean older(long since, Optional<Duration> ttl, long nowMillis, double share) {
        return ttl.isPresent() && nowMillis - since > ttl.get().toMillis() * share;
    }
}
