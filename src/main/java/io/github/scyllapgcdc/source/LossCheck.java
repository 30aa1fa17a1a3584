package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.metrics.SourceMeters;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says loudly that changes were lost outside, and stops the table unless its route says to go on. */
final class LossCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LossCheck.class);

    private final SourceOptions options;
    private final SourceMeters meters;

    LossCheck(SourceOptions options, SourceMeters meters) {
        this.options = options;
        this.meters = meters;
    }

    /**
     * Finds out whether the log may have dropped changes before they were read.
     *
     * @param readUntil everything older was read; milliseconds since 1970
     * @param ttl how long the log keeps a change; empty: for ever
     */
    void timeToLive(long readUntil, Optional<Duration> ttl, long nowMillis) {
        if (ttl.isPresent() && readUntil < nowMillis - ttl.get().toMillis()) {
            lost("the CDC log of " + options.table() + " keeps changes for "
                    + ttl.get().toSeconds()
                    + " s and was read up to " + Instant.ofEpochMilli(readUntil)
                    + " only: changes in between are gone");
        }
    }

    /** Says that something changed which no load mends. */
    void broken(String what, String remedy) {
        if (options.onLoss() == LossPolicy.CONTINUE) {
            LOG.error(
                    "table={} {}; going on with what is left, since the route says onLoss=CONTINUE",
                    options.table(),
                    what);
            return;
        }
        throw new SourceException(SourceException.Kind.STOP, what + ". " + remedy);
    }

    /**
     * Says what was lost.
     *
     * @throws ReloadException if the table is to be loaded again
     * @throws SourceException if it is to stop
     */
    void lost(String what) {
        meters.gap();
        if (options.onLoss() == LossPolicy.RELOAD) {
            throw new ReloadException(what);
        }
        broken(
                what,
                "Load the table again with onLoss=RELOAD in the route's scylla-cdc: address, or accept the loss "
                        + "with onLoss=CONTINUE and reconcile");
    }
}
