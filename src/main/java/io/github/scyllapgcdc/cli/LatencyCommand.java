package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.scyllapgcdc.event.TableId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./cdc latency}: how long changes take; exit code 0, or 3 when the 95th percentile is above {@code --sla}. */
@Command(
        name = "latency",
        description =
                "Measure how long a change takes from ScyllaDB to PostgreSQL, with marker rows that are removed again.",
        footer = {
            "",
            "Exit code 3 when the 95th percentile is above --sla, 1 when a marker did not arrive.",
            "",
            "Examples:",
            "  ./cdc latency --table ecommerce.users --samples 20",
            "  ./cdc latency --table ecommerce.users --samples 20 --sla 5000 --json"
        },
        mixinStandardHelpOptions = true)
final class LatencyCommand implements Callable<Integer> {
    private static final int TOO_SLOW = 3;
    private static final int MOST = 10_000;

    @Option(names = "--table", required = true, paramLabel = "KEYSPACE.TABLE", description = "The table in ScyllaDB.")
    private String table;

    @Option(
            names = "--samples",
            defaultValue = "10",
            paramLabel = "N",
            description = "How many rows, one after the other (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--sla", paramLabel = "MILLIS", description = "Fail when the 95th percentile is above this.")
    private Double sla;

    @Option(names = "--json", description = "Print JSON.")
    private boolean asJson;

    @Option(names = "--app-url", paramLabel = "URL", description = "The application's address.")
    private String appUrl;

    @Override
    public Integer call() throws InterruptedException {
        if (samples < 1 || samples > MOST) {
            throw new CliException("--samples " + samples + " is refused: expected 1 to " + MOST);
        }
        String name = name();
        AppClient app = AppClient.find(appUrl, Home.find());
        double[] millis = new double[samples];
        for (int i = 0; i < samples; i++) {
            millis[i] = app.post("/latency", Map.of("table", name))
                    .orRefusal()
                    .path("millis")
                    .asDouble();
            if (!asJson) {
                System.out.printf(Locale.ROOT, "sample %d: %.0f ms%n", i + 1, millis[i]);
            }
        }
        Summary summary = Summary.of(millis);
        boolean slow = sla != null && summary.p95() > sla;
        System.out.print(asJson ? json(name, millis, summary, slow) : text(summary, slow));
        return slow ? TOO_SLOW : 0;
    }

    private String name() {
        try {
            return TableId.parse(table).toString();
        } catch (IllegalArgumentException e) {
            throw new CliException("--table " + e.getMessage(), e);
        }
    }

    /** Milliseconds. */
    record Summary(double average, double p50, double p95, double p99) {
        static Summary of(double[] millis) {
            double[] sorted = millis.clone();
            Arrays.sort(sorted);
            return new Summary(
                    Arrays.stream(sorted).average().orElse(0), at(sorted, 50), at(sorted, 95), at(sorted, 99));
        }

        /** The smallest value that so many percent are not above. */
        private static double at(double[] sorted, int percent) {
            return sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1)];
        }
    }

    private String text(Summary summary, boolean slow) {
        String line = String.format(
                Locale.ROOT,
                "average %.0f ms, p50 %.0f ms, p95 %.0f ms, p99 %.0f ms%n",
                summary.average(),
                summary.p50(),
                summary.p95(),
                summary.p99());
        return sla == null
                ? line
                : line
                        + String.format(
                                Locale.ROOT,
                                "%s: p95 %s %.0f ms%n",
                                slow ? "FAIL" : "PASS",
                                slow ? "above" : "within",
                                sla);
    }

    private String json(String name, double[] millis, Summary summary, boolean slow) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("table", name);
        ArrayNode all = json.putArray("samplesMillis");
        Arrays.stream(millis).forEach(all::add);
        json.put("averageMillis", summary.average());
        json.put("p50Millis", summary.p50());
        json.put("p95Millis", summary.p95());
        json.put("p99Millis", summary.p99());
        if (sla != null) {
            json.put("slaMillis", sla);
            json.put("pass", !slow);
        }
        return json.toPrettyString() + "\n";
    }
}
