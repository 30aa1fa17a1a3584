package io.github.scyllapgcdc.fault;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Keeps a server that is down from being hammered by everybody who needs it: after some failures in a row nobody asks it for a
 * while, then one caller tries, and the others follow if that went well. May be used by any thread.
 */
public final class ServerBreaker {
    private static final int FAILURES = 3;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private final String server;
    private final CircuitBreaker breaker;
    private volatile String lastFailure = "no failure yet";

    /**
     * A breaker that lets calls through.
     *
     * @param server as it is called in messages
     * @param isDown whether a failure says that the server is down, rather than that it refuses what was asked
     */
    public ServerBreaker(String server, Predicate<Throwable> isDown) {
        this.server = server;
        this.breaker = CircuitBreaker.of(
                server,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(FAILURES)
                        .minimumNumberOfCalls(FAILURES)
                        .failureRateThreshold(100)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .maxWaitDurationInHalfOpenState(LONGEST_WAIT)
                        .waitIntervalFunctionInOpenState(
                                IntervalFunction.ofExponentialBackoff(FIRST_WAIT, 2, LONGEST_WAIT))
                        .recordException(isDown)
                        .build());
    }

    /** A call to the server. */
    @FunctionalInterface
    public interface Call<T, E extends Exception> {
        T run() throws E;
    }

    /**
     * Makes a call, if the server is to be asked now.
     *
     * @param refusal what to throw if it is not, from a message
     */
    public <T, E extends Exception> T call(Call<T, E> call, Function<String, E> refusal) throws E {
        try {
            breaker.acquirePermission();
        } catch (CallNotPermittedException e) {
            throw refusal.apply(server + " is left alone for a moment after " + FAILURES
                    + " failures in a row; the last was: " + lastFailure);
        }
        long start = breaker.getCurrentTimestamp();
        try {
            T result = call.run();
            breaker.onResult(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), result);
            return result;
        } catch (Throwable e) { // an Error, too, or a trial call would never be over
            lastFailure = ErrorTaxonomy.reason(e);
            breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), e);
            throw e;
        }
    }

    /** Whether the server is being left alone at the moment. */
    public boolean isOpen() {
        return breaker.getState() == CircuitBreaker.State.OPEN;
    }
}
