import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** Embedded servers of a benchmark's own, and the application beside them with the shared routes and no table. */
final class BenchPipeline implements AutoCloseable {
    private static final int AT_ONCE = 256;
    private static final int RETRIES = 5;

    private final Path home = Files.createTempDirectory("scylla-pg-cdc-bench");
    private final Path work = home.resolve("app");
    final EmbeddedStack stack;
    final AppProcess app;
    final CqlSession scylla;
    final Connection postgres;

    BenchPipeline() throws IOException, SQLException, InterruptedException {
        stack = EmbeddedStack.builder(home.resolve("stack")).fresh(true).build().start();
        app = application();
        StackEndpoints at = stack.endpoints();
        scylla = CqlSession.builder()
                .addContactPoint(new InetSocketAddress(at.scyllaHost(), at.scyllaPort()))
                .withLocalDatacenter(at.scyllaDatacenter())
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                        .build())
                .build();
        postgres = DriverManager.getConnection(at.postgresJdbcUrl());
    }

    private AppProcess application() throws IOException, InterruptedException {
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
        AppProcess started = new AppProcess(
                work,
                Path.of("target/scylla-pg-cdc.jar"),
                environment,
                stack.port("bench-server", 0),
                work.resolve("application.log"));
        started.start();
        if (!started.awaitHealthy(Duration.ofSeconds(60))) {
            throw new IllegalStateException("the application is not healthy, see " + started.log());
        }
        return started;
    }

    /**
     * Makes a table like the quickstart's and writes rows into it; answers rows a second.
     *
     * @param logged whether it has a CDC log from the beginning
     */
    double write(String table, int rows, boolean logged) throws InterruptedException {
        scylla.execute("CREATE KEYSPACE IF NOT EXISTS bench WITH replication ="
                + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
        scylla.execute("CREATE TABLE " + table + " (user_id bigint PRIMARY KEY, email text, name text,"
                + " created_at timestamp, updated_at timestamp)" + (logged ? " WITH cdc = {'enabled': true}" : ""));
        PreparedStatement insert = scylla.prepare("INSERT INTO " + table
                + " (user_id, email, name, created_at, updated_at) VALUES (?, ?, ?, ?, ?)");
        Semaphore underWay = new Semaphore(AT_ONCE);
        long begin = System.nanoTime();
        for (long id = 0; id < rows; id++) {
            underWay.acquire();
            Instant now = Instant.ofEpochMilli(1_700_000_000_000L + id);
            write(insert.bind(id, "user" + id + "@example.com", "User Number " + id, now, now), underWay, RETRIES);
        }
        underWay.acquire(AT_ONCE);
        return rows / seconds(begin);
    }

    /** A busy stand-in may let a write time out; it is idempotent. */
    private void write(BoundStatement statement, Semaphore underWay, int retries) {
        scylla.executeAsync(statement).whenComplete((done, failure) -> {
            if (failure == null) {
                underWay.release();
            } else if (retries > 0) {
                write(statement, underWay, retries - 1);
            } else {
                failure.printStackTrace();
                System.exit(1);
            }
        });
    }

    /** Puts a table's route file in place. */
    void deploy(String table) throws IOException {
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

    /** The number that a query of Postgres answers; 0 if a table of it is not there yet. */
    long number(String query) throws SQLException {
        try (Statement statement = postgres.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) {
                return 0;
            }
            throw e;
        }
    }

    /** CPU time of each process so far, Postgres' own workers left out. */
    Map<String, Double> cpuSeconds() {
        Map<String, Double> seconds = new TreeMap<>();
        seconds.put("application", cpu(app.pid()));
        seconds.put("scylla", cpu(stack.server(Server.SCYLLA).pid()));
        seconds.put("kafka", cpu(stack.server(Server.KAFKA).pid()));
        return seconds;
    }

    /** What was used since, as text. */
    String cpuSince(Map<String, Double> before) {
        StringBuilder text = new StringBuilder();
        cpuSeconds()
                .forEach((name, now) ->
                        text.append(String.format(Locale.ROOT, " %s %.1f", name, now - before.get(name))));
        return text.toString();
    }

    private static double cpu(long pid) {
        return ProcessHandle.of(pid).flatMap(p -> p.info().totalCpuDuration()).orElse(Duration.ZERO).toMillis() / 1e3;
    }

    static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    @Override
    public void close() throws IOException, SQLException {
        scylla.close();
        postgres.close();
        app.stop();
        stack.close();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
