package io.github.scyllapgcdc.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * From a change's write timestamp to the commit of the target, as a histogram of all changes. Micrometer's own would have to be told of
 * each change by itself; this one takes a batch at a time.
 */
final class Latencies implements Collector {
    static final String NAME = "cdc_end_to_end_latency_seconds";

    private static final double[] BOUNDS = {
        0.1,
        0.25,
        0.5,
        1,
        1.5,
        2,
        2.5,
        3,
        3.5,
        4,
        4.5,
        5,
        7.5,
        10,
        15,
        30,
        60,
        120,
        300,
        600,
        1800,
        3600,
        Double.POSITIVE_INFINITY
    };
    private static final double MICROS = 1e-6;

    private final Map<String, OfTable> tables = new ConcurrentHashMap<>();

    OfTable of(String table) {
        return tables.computeIfAbsent(table, name -> new OfTable());
    }

    @Override
    public String getPrometheusName() {
        return NAME;
    }

    @Override
    public MetricSnapshot collect() {
        HistogramSnapshot.Builder histogram = HistogramSnapshot.builder()
                .name(NAME)
                .help("From a change's write timestamp to the commit that brought it into the target");
        tables.forEach((table, latencies) -> histogram.dataPoint(latencies.snapshot(table)));
        return histogram.build();
    }

    /** Those of one table. For any thread. */
    static final class OfTable {
        private final long[] counts = new long[BOUNDS.length];
        private double sum;

        /** Takes in when changes were written, and when they were committed; microseconds since 1970. */
        synchronized void add(long[] writtenMicros, long committedMicros) {
            for (long written : writtenMicros) {
                double seconds = Math.max(0, committedMicros - written) * MICROS; // clocks of writers differ
                int bucket = 0;
                while (seconds > BOUNDS[bucket]) {
                    bucket++;
                }
                counts[bucket]++;
                sum += seconds;
            }
        }

        private synchronized HistogramDataPointSnapshot snapshot(String table) {
            ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
            for (int i = 0; i < BOUNDS.length; i++) {
                buckets.bucket(BOUNDS[i], counts[i]);
            }
            return HistogramDataPointSnapshot.builder()
                    .labels(Labels.of("table", table))
                    .classicHistogramBuckets(buckets.build())
                    .sum(sum)
                    .build();
        }
    }
}
