package io.github.scyllapgcdc.secrets;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Credentials;
import io.github.scyllapgcdc.config.Login;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the secrets behind the log-ins from time to time, and soon when one of them is doubted, and gives each log-in what has
 * changed. A Vault that cannot be asked leaves the log-ins as they are; that is said once, and in health.
 */
public final class Rotation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);
    /** The least between two looks, however much the log-ins are doubted. */
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(2);

    private final Runnable forget;
    private final Duration period;
    private final List<Followed> logins;
    private final AtomicBoolean soon = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread watcher = new Thread(task, "secrets");
        watcher.setDaemon(true);
        return watcher;
    });

    private ScheduledFuture<?> looking;
    private volatile ScheduledFuture<?> doubted;
    private volatile long lastLookNanos = System.nanoTime();
    private volatile Instant lastRead = Instant.now();
    private volatile Optional<Failure> failure = Optional.empty();

    private record Failure(Instant since, String reason) {}

    /**
     * A log-in and the secret behind it.
     *
     * @param server as it is called in messages
     * @param source reads the secret; fails with a {@link ConfigurationException}
     */
    record Followed(String server, Login login, Supplier<Optional<Credentials>> source) {}

    /**
     * Follows nothing yet.
     *
     * @param forget makes the sources read anew
     * @param period between two looks; zero: never
     */
    Rotation(Runnable forget, Duration period, List<Followed> logins) {
        this.forget = forget;
        this.period = period;
        this.logins = List.copyOf(logins);
    }

    /** Begins to look. */
    public void start() {
        if (logins.isEmpty() || period.isZero()) {
            return;
        }
        logins.forEach(followed -> followed.login().whenDoubted(this::lookSoon));
        looking =
                thread.scheduleWithFixedDelay(this::look, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookSoon() {
        if (!soon.compareAndSet(false, true)) {
            return;
        }
        long pause = LEAST_PAUSE.toNanos() - (System.nanoTime() - lastLookNanos);
        try {
            doubted = thread.schedule(this::look, Math.max(0, pause), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("not looked at: the application stops", e);
        }
    }

    /** Reads every secret that is followed, and hands on what has changed. */
    void look() {
        soon.set(false);
        lastLookNanos = System.nanoTime();
        Optional<String> reason = Optional.empty();
        forget.run();
        for (Followed followed : logins) {
            try {
                handOn(followed);
            } catch (RuntimeException e) { // a thread that dies looks no more
                reason = Optional.of(e instanceof ConfigurationException ? e.getMessage() : e.toString());
            }
        }
        report(reason);
    }

    private static void handOn(Followed followed) {
        Optional<Credentials> now = followed.source().get();
        if (followed.login().change(now)) {
            LOG.info(
                    "the secret of {} has changed: new connections log in with it, as user '{}'",
                    followed.server(),
                    followed.login().username().orElse(""));
        }
    }

    private void report(Optional<String> reason) {
        boolean failedBefore = failure.isPresent();
        if (reason.isEmpty()) {
            lastRead = Instant.now();
            failure = Optional.empty();
            if (failedBefore) {
                LOG.info("the secrets can be read again");
            }
            return;
        }
        Instant since = failure.map(Failure::since).orElseGet(Instant::now);
        failure = Optional.of(new Failure(since, reason.get()));
        if (!failedBefore) {
            LOG.warn("the secrets cannot be read, what was read before stays in use: {}", reason.get());
        }
    }

    /** Whether the secrets could be read when they were looked at last; empty if none comes from Vault. */
    public Optional<Boolean> readable() {
        return logins.isEmpty() ? Optional.empty() : Optional.of(failure.isEmpty());
    }

    /** For health: whether the secrets can be read, since when not and why. Empty if none comes from Vault. */
    public Map<String, Object> status() {
        if (logins.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> status = new LinkedHashMap<>();
        Optional<Failure> now = failure;
        status.put("status", now.isEmpty() ? "UP" : "DOWN");
        status.put("followed", logins.stream().map(Followed::server).toList());
        status.put("lastRead", lastRead.truncatedTo(ChronoUnit.SECONDS).toString());
        now.ifPresent(failed -> {
            status.put("since", failed.since().truncatedTo(ChronoUnit.SECONDS).toString());
            status.put("detail", failed.reason());
        });
        return status;
    }

    @Override
    public void close() {
        for (ScheduledFuture<?> look : Arrays.asList(looking, doubted)) {
            if (look != null) {
                look.cancel(true);
            }
        }
        thread.shutdownNow();
    }
}
