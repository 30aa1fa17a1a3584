import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How fast a full reconciliation is: a table is compared several times, first while both sides are equal, then with
 * rows missing, changed and added in Postgres. The clock runs from the request until the run has ended, waits for the pipeline
 * included. Embedded servers and application share the machine.
 */
public final class Reconcile {
    private static final String TABLE = "bench.users";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final BenchPipeline pipeline;

    private Reconcile(BenchPipeline pipeline) {
        this.pipeline = pipeline;
    }

    public static void main(String[] args) throws Exception {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int differences = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
        int runs = args.length > 2 ? Integer.parseInt(args[2]) : 4;
        try (BenchPipeline pipeline = new BenchPipeline()) {
            new Reconcile(pipeline).measure(rows, differences, runs);
        }
    }

    private void measure(int rows, int differences, int runs) throws Exception {
        double written = pipeline.write(TABLE, rows, false);
        System.out.printf(Locale.ROOT, "%,d rows, written at %,.0f/s%n", rows, written);
        pipeline.scylla.execute("ALTER TABLE " + TABLE + " WITH cdc = {'enabled': true}");
        try (Statement copy = pipeline.postgres.createStatement()) {
            copy.execute("CREATE SCHEMA bench");
            copy.execute("CREATE TABLE " + TABLE + " (user_id bigint PRIMARY KEY, email text, name text,"
                    + " created_at timestamptz, updated_at timestamptz)");
            copy.execute("INSERT INTO " + TABLE + " SELECT i, 'user' || i || '@example.com', 'User Number ' || i, t, t FROM"
                    + " generate_series(0, " + (rows - 1) + ") AS i, LATERAL (SELECT timestamptz 'epoch' +"
                    + " (1700000000000 + i) * interval '1 millisecond') AS at (t)");
        }
        pipeline.deploy(TABLE);
        while (pipeline.number("SELECT count(*) FROM cdc_metadata.sink_offsets WHERE topic = '" + TABLE + "'") == 0) {
            TimeUnit.MILLISECONDS.sleep(500);
        }
        TimeUnit.SECONDS.sleep(5);
        double equal = 0;
        for (int run = 1; run <= runs; run++) {
            equal = run("equal " + run, rows);
        }
        int third = differences / 3;
        int step = rows / third;
        try (Statement tamper = pipeline.postgres.createStatement()) {
            tamper.execute("DELETE FROM " + TABLE + " WHERE user_id % " + step + " = 1");
            tamper.execute("UPDATE " + TABLE + " SET name = name || '!' WHERE user_id % " + step + " = 2");
            tamper.execute("INSERT INTO " + TABLE + " (user_id, name) SELECT " + rows + " + i, 'extra' FROM generate_series(1, "
                    + (differences - 2 * third) + ") AS i");
        }
        double different = 0;
        for (int run = 1; run <= runs; run++) {
            different = run("different " + run, rows);
        }
        System.out.printf(Locale.ROOT, "last of each: %.2f times as long with differences%n", different / equal);
    }

    private double run(String name, int rows) throws Exception {
        Map<String, Double> before = pipeline.cpuSeconds();
        long begin = System.nanoTime();
        String id = post("{\"table\": \"" + TABLE + "\"}").path("id").asText();
        JsonNode run;
        double[] phases = new double[2];
        do {
            TimeUnit.MILLISECONDS.sleep(20);
            run = get("/reconcile/run?id=" + id);
            if (run.path("phase").asText().equals("reading-scylla")) {
                phases[0] = BenchPipeline.seconds(begin);
            } else if (run.path("phase").asText().equals("reading-postgres")) {
                phases[1] = BenchPipeline.seconds(begin);
            }
        } while (run.path("state").asText().equals("running"));
        double seconds = BenchPipeline.seconds(begin);
        System.out.printf(
                Locale.ROOT,
                "%s: %s in %.1f s (ScyllaDB read after %.1f, Postgres after %.1f), %,.0f rows/s; missing %d, mismatch %d, extra"
                        + " %d, undetermined %d; CPU seconds:%s %s%n",
                name,
                run.path("state").asText(),
                seconds,
                phases[0],
                phases[1],
                rows / seconds,
                run.path("missing").asLong(),
                run.path("mismatch").asLong(),
                run.path("extra").asLong(),
                run.path("undetermined").asLong(),
                pipeline.cpuSince(before),
                run.path("error").asText(""));
        return seconds;
    }

    private JsonNode post(String body) throws Exception {
        return json.readTree(http.send(
                        HttpRequest.newBuilder(uri("/reconcile"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private JsonNode get(String path) throws Exception {
        return json.readTree(http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + pipeline.app.serverPort() + path);
    }
}
