package io.github.scyllapgcdc.connectors;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How fast counters grow, over the last seconds. */
final class Rates {
    private static final Duration SPAN = Duration.ofSeconds(10);

    private final Map<String, Deque<Sample>> samples = new HashMap<>();

    private record Sample(long nanos, long count) {}

    /** Takes a counter's value, from time to time. */
    synchronized void sample(String name, long count) {
        long now = System.nanoTime();
        Deque<Sample> known = samples.computeIfAbsent(name, n -> new ArrayDeque<>());
        known.add(new Sample(now, count));
        while (known.size() > 2 && now - known.peek().nanos() > SPAN.toNanos()) {
            known.remove();
        }
    }

    /** Forgets the counters that are gone. */
    synchronized void only(Set<String> names) {
        samples.keySet().retainAll(names);
    }

    /** By how much a counter grows a second; 0 while that is not known. */
    synchronized double perSecond(String name) {
        Deque<Sample> known = samples.getOrDefault(name, new ArrayDeque<>());
        if (known.size() < 2) {
            return 0;
        }
        Sample first = known.getFirst();
        Sample last = known.getLast();
        return Math.max(0, last.count() - first.count()) * 1e9 / Math.max(1, last.nanos() - first.nanos());
    }
}
