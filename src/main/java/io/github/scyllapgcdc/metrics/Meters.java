package io.github.scyllapgcdc.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;

/** The meters of a context's tables. Without a meter registry ({@code camel.metrics.enabled=false}) they count for nobody. */
public final class Meters {
    private static final String BEAN = "tableMeters";

    private final CamelContext context;
    private final Map<String, SourceMeters> sources = new ConcurrentHashMap<>();
    private final Map<String, SinkMeters> sinks = new ConcurrentHashMap<>();
    private final Set<String> topics = ConcurrentHashMap.newKeySet();
    private final Latencies latencies = new Latencies();
    private MeterRegistry registry;

    private Meters(CamelContext context) {
        this.context = context;
    }

    /** Those of a context, always the same ones. */
    public static Meters of(CamelContext context) {
        synchronized (context.getRegistry()) {
            Meters known = context.getRegistry().lookupByNameAndType(BEAN, Meters.class);
            if (known != null) {
                return known;
            }
            Meters made = new Meters(context);
            context.getRegistry().bind(BEAN, made);
            return made;
        }
    }

    /** The meters of a table's source. To be asked for once the context has started. */
    public SourceMeters source(String table) {
        return sources.computeIfAbsent(table, name -> new SourceMeters(registry(), name));
    }

    /** The meters of a topic's sink. To be asked for once the context has started. */
    public SinkMeters sink(String topic) {
        return sinks.computeIfAbsent(topic, name -> new SinkMeters(registry(), name, latencies.of(name)));
    }

    /** A sink of the topic is there from now on, or no more. */
    public void sinkIsThere(String topic, boolean there) {
        if (there) {
            topics.add(topic);
        } else {
            topics.remove(topic);
        }
    }

    /** The topics that have a sink here. */
    public Set<String> topics() {
        return Set.copyOf(topics);
    }

    private synchronized MeterRegistry registry() {
        if (registry == null) {
            registry = context.getRegistry().findSingleByType(MeterRegistry.class);
            if (registry instanceof PrometheusMeterRegistry prometheus) {
                prometheus.getPrometheusRegistry().register(latencies);
            }
            if (registry == null) {
                registry = new CompositeMeterRegistry();
            }
        }
        return registry;
    }
}
