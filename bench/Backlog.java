import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.github.scyllapgcdc.dev.AppProcess;
import io.github.scyllapgcdc.dev.EmbeddedStack;
import io.github.scyllapgcdc.dev.Server;
import io.github.scyllapgcdc.dev.StackEndpoints;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How fast a backlog goes from Scylla's log to Postgres: rows are written while no route reads them, then the table is deployed into
 * the running application, and the clock runs from the deployment until the last row is in Postgres. Embedded servers and
 * application share the machine. Each run has a table of its own in the same application: the first pays for its JVM's warm-up.
 */
public final class Backlog {
    private static final String TABLE = "bench.users";

    private Backlog() {}

    public static void main(String[] args) throws Exception {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Path home = Files.createTempDirectory("scylla-pg-cdc-bench");
        try (EmbeddedStack stack = EmbeddedStack.builder(home.resolve("stack")).fresh(true).build().start()) {
            Path work = home.resolve("app");
            AppProcess app = application(stack, work);
            try {
                for (int run = 1; run <= runs; run++) {
                    measure(stack, app, work, rows, run);
                }
            } finally {
                app.stop();
            }
        } finally {
            delete(home);
        }
    }

    private static void measure(EmbeddedStack stack, AppProcess app, Path work, int rows, int run) throws Exception {
        StackEndpoints at = stack.endpoints();
        String table = TABLE + run;
        try (CqlSession session = CqlSession.builder()
                        .addContactPoint(new InetSocketAddress(at.scyllaHost(), at.scyllaPort()))
                        .withLocalDatacenter(at.scyllaDatacenter())
                        .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                                .build())
                        .build();
                Connection postgres = DriverManager.getConnection(at.postgresJdbcUrl());
                KafkaConsumer<byte[], byte[]> kafka = consumer(at.kafkaBootstrap())) {
            double written = write(session, table, rows);
            Map<String, Double> before = cpuSeconds(stack, app);
            long begin = System.nanoTime();
            deploy(work, table);
            double first = 0;
            double inKafka = 0;
            double inPostgres = 0;
            while (inPostgres == 0) {
                if (inKafka == 0) {
                    long published = length(kafka, table);
                    first = first == 0 && published > 0 ? seconds(begin) : first;
                    inKafka = published >= rows ? seconds(begin) : 0;
                }
                if (applied(postgres, table) >= rows && count(postgres, table) >= rows) {
                    inPostgres = seconds(begin);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
            StringBuilder cpu = new StringBuilder();
            cpuSeconds(stack, app)
                    .forEach((name, now) ->
                            cpu.append(String.format(Locale.ROOT, " %s %.1f", name, now - before.get(name))));
            System.out.printf(
                    Locale.ROOT,
                    "run %d: %,d rows; written at %,.0f/s; deployed to first batch in Kafka %.1f s, to all in Kafka %.1f s, to all in"
                            + " Postgres %.1f s: %,.0f rows/s from the deployment, %,.0f rows/s from the first batch; CPU"
                            + " seconds:%s%n",
                    run, rows, written, first, inKafka, inPostgres, rows / inPostgres, rows / (inPostgres - first), cpu);
        }
    }

    /** CPU time of each process so far, Postgres' own workers left out. */
    private static Map<String, Double> cpuSeconds(EmbeddedStack stack, AppProcess app) {
        Map<String, Double> seconds = new TreeMap<>();
        seconds.put("application", cpu(app.pid()));
        seconds.put("scylla", cpu(stack.server(Server.SCYLLA).pid()));
        seconds.put("kafka", cpu(stack.server(Server.KAFKA).pid()));
        return seconds;
    }

    private static double cpu(long pid) {
        return ProcessHandle.of(pid).flatMap(p -> p.info().totalCpuDuration()).orElse(Duration.ZERO).toMillis() / 1e3;
    }

    private static double write(CqlSession session, String table, int rows) throws InterruptedException {
        session.execute("CREATE KEYSPACE IF NOT EXISTS bench WITH replication ="
                + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
        session.execute("CREATE TABLE " + table + " (user_id bigint PRIMARY KEY, email text, name text,"
                + " created_at timestamp, updated_at timestamp) WITH cdc = {'enabled': true}");
        PreparedStatement insert = session.prepare("INSERT INTO " + table
                + " (user_id, email, name, created_at, updated_at) VALUES (?, ?, ?, ?, ?)");
        Semaphore underWay = new Semaphore(256);
        long begin = System.nanoTime();
        for (long id = 0; id < rows; id++) {
            underWay.acquire();
            Instant now = Instant.ofEpochMilli(1_700_000_000_000L + id);
            CompletionStage<AsyncResultSet> write = session.executeAsync(
                    insert.bind(id, "user" + id + "@example.com", "User Number " + id, now, now));
            write.whenComplete((done, failure) -> {
                if (failure != null) {
                    failure.printStackTrace();
                    System.exit(1);
                }
                underWay.release();
            });
        }
        underWay.acquire(256);
        return rows / seconds(begin);
    }

    /** The application with the shared routes and no table. */
    private static AppProcess application(EmbeddedStack stack, Path work) throws IOException {
        Files.createDirectories(work.resolve("routes/tables"));
        Files.copy(Path.of("application.properties"), work.resolve("application.properties"));
        try (Stream<Path> routes = Files.list(Path.of("routes"))) {
            for (Path route : routes.filter(Files::isRegularFile).toList()) {
                Files.copy(route, work.resolve("routes").resolve(route.getFileName()));
            }
        }
        Map<String, String> environment = new HashMap<>(stack.endpoints().environment());
        environment.put("CAMEL_MANAGEMENT_PORT", Integer.toString(stack.port("bench-management", 0)));
        environment.put("SOURCE_SNAPSHOT", "never"); // it is the log that is measured
        AppProcess app = new AppProcess(
                work,
                Path.of("target/scylla-pg-cdc.jar"),
                environment,
                stack.port("bench-server", 0),
                work.resolve("application.log"));
        app.start();
        if (!app.awaitHealthy(Duration.ofSeconds(60))) {
            throw new IllegalStateException("the application is not healthy, see " + app.log());
        }
        return app;
    }

    private static void deploy(Path work, String table) throws IOException {
        String name = table.substring(table.indexOf('.') + 1);
        String route = Files.readString(Path.of("routes/tables/ecommerce.users.camel.yaml"))
                .replace("ecommerce.users", table)
                .replace("scylla-source-users", "scylla-source-" + name)
                .replace("postgres-sink-users", "postgres-sink-" + name)
                .replace("reconcile-users", "reconcile-" + name);
        Path whole = Files.writeString(work.resolve("routes/" + table + ".tmp"), route);
        Files.move(
                whole, work.resolve("routes/tables/" + table + ".camel.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Offsets count a marker for each transaction too, which is far below what matters here. */
    private static long length(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partitions = consumer.listTopics().getOrDefault(topic, List.of()).stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
        return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }

    /** How far the sink is in the topic: cheap to ask, unlike a count, which takes the database's time. */
    private static long applied(Connection postgres, String table) throws SQLException {
        try (Statement statement = postgres.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT coalesce(sum(next_offset), 0) FROM cdc_metadata.sink_offsets WHERE topic = '" + table
                                + "'")) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) { // the sink has not made its tables yet
                return 0;
            }
            throw e;
        }
    }

    private static long count(Connection postgres, String table) throws SQLException {
        try (Statement statement = postgres.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM " + table)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
