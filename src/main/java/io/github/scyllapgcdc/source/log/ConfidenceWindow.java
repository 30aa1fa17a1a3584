package io.github.scyllapgcdc.source.log;

import java.time.Duration;

/**
 * How far behind now the log is final. A write reaches the log within the cluster's write timeout, under the timestamp of a
 * clock that may be behind ours; what is older than timeout and skew together can't be joined by anything older still.
 */
public final class ConfidenceWindow {
    /** Scylla's default {@code write_request_timeout_in_ms}. */
    public static final Duration WRITE_TIMEOUT = Duration.ofSeconds(2);

    private final Duration configured;
    private final Duration allowedSkew;
    private volatile long offsetMillis;

    /**
     * A window.
     *
     * @param configured while clocks agree
     * @param allowedSkew how far Scylla's clocks may be from ours without any effect
     */
    public ConfidenceWindow(Duration configured, Duration allowedSkew) {
        this.configured = configured;
        this.allowedSkew = allowedSkew;
    }

    /** Takes the measured difference: Scylla's clock minus ours, of the node that is furthest off. */
    public void measured(long newOffsetMillis) {
        offsetMillis = newOffsetMillis;
    }

    /** Scylla's clock minus ours, milliseconds, when last measured. */
    public long offsetMillis() {
        return offsetMillis;
    }

    /** Whether the clocks differ by more than allowed. */
    public boolean clocksDiffer() {
        return Math.abs(offsetMillis) > allowedSkew.toMillis();
    }

    /** The window in force: the configured one, and what the clocks differ beyond the allowance on top. */
    public Duration current() {
        long beyond = Math.max(0, Math.abs(offsetMillis) - allowedSkew.toMillis());
        return configured.plusMillis(beyond);
    }
}
