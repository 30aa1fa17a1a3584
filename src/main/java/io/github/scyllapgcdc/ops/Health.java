package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.status.RouteStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;

/**
 * The bean {@code health} of {@code routes/health.camel.yaml}: asks each server for a sign of life and each route for its
 * state.
 */
public final class Health implements AutoCloseable {
    /** A server that takes longer than this counts as down. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(6);

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final CamelContext context;
    private final List<Server> servers;
    private final Predicate<Route> mayRun;
    private final Supplier<Map<String, Object>> secrets;
    private final ExecutorService threads;
    private volatile RouteFiles files;
    private volatile Watchdog watchdog;

    /**
     * Asks nobody yet.
     *
     * @param mayRun false for a route that is loaded but not to be started in this instance
     * @param secrets whether the credentials can be read again; that they can not is no reason to be down
     */
    public Health(
            CamelContext context,
            List<Server> servers,
            Predicate<Route> mayRun,
            Supplier<Map<String, Object>> secrets) {
        this.secrets = secrets;
        this.context = context;
        this.servers = List.copyOf(servers);
        this.mayRun = mayRun;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "health");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The tables' routes, once the servers are there and they are loaded.
     *
     * @param watchdog who watches them, or null
     */
    public void follow(RouteFiles files, Watchdog watchdog) {
        this.files = files;
        this.watchdog = watchdog;
    }

    /** Sets the report as the body and 200 or 503 as the HTTP status. */
    public void report(Exchange exchange) {
        Map<String, Object> report = report();
        exchange.getMessage().setBody(report);
        exchange.getMessage()
                .setHeader(Exchange.HTTP_RESPONSE_CODE, "UP".equals(report.get("status")) ? OK : UNAVAILABLE);
    }

    /** The report: {@code status}, {@code dependencies}, {@code routes}, {@code files} that have errors, and {@code secrets}. */
    public Map<String, Object> report() {
        Map<String, Object> dependencies = dependencies();
        List<Map<String, Object>> routes = routes();
        Map<String, String> errors = files == null ? Map.of() : files.errors();
        boolean loading = files == null || !files.ready();
        boolean up = !loading
                && errors.isEmpty()
                && dependencies.values().stream().allMatch(Health::isUp)
                && routes.stream().allMatch(Health::isUp);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("status", up ? "UP" : "DOWN");
        if (loading) {
            report.put("detail", "waiting for the servers; the tables' routes are not loaded yet");
        }
        report.put("dependencies", dependencies);
        report.put("routes", routes);
        report.put("files", errors);
        Map<String, Object> credentials = secrets.get();
        if (!credentials.isEmpty()) {
            report.put("secrets", credentials);
        }
        return report;
    }

    private static boolean isUp(Object part) {
        return part instanceof Map<?, ?> map && "UP".equals(map.get("status"));
    }

    private Map<String, Object> dependencies() {
        Map<String, CompletableFuture<Map<String, Object>>> asked = new LinkedHashMap<>();
        for (Server server : servers) {
            asked.put(server.id(), CompletableFuture.supplyAsync(() -> ask(server), threads));
        }
        Map<String, Object> answers = new LinkedHashMap<>();
        for (Server server : servers) {
            answers.put(server.id(), answer(server, asked.get(server.id())));
        }
        return answers;
    }

    private static Map<String, Object> answer(Server server, CompletableFuture<Map<String, Object>> asked) {
        try {
            return asked.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return down(server, "no answer within " + ANSWER_LIMIT.toSeconds() + " s");
        } catch (ExecutionException e) {
            return down(server, Failures.line(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return down(server, "interrupted");
        }
    }

    private static Map<String, Object> ask(Server server) {
        long start = System.nanoTime();
        try {
            server.signOfLife().run();
        } catch (Exception e) {
            return down(server, Failures.line(e));
        }
        Map<String, Object> up = new LinkedHashMap<>();
        up.put("status", "UP");
        up.put("address", server.address());
        up.put("latencyMillis", Math.round((System.nanoTime() - start) / 10_000.0) / 100.0);
        return up;
    }

    private static Map<String, Object> down(Server server, String detail) {
        Map<String, Object> down = new LinkedHashMap<>();
        down.put("status", "DOWN");
        down.put("address", server.address());
        down.put("detail", detail);
        return down;
    }

    private List<Map<String, Object>> routes() {
        Map<String, RouteStatus> statuses = RouteStatuses.of(context);
        Map<String, String> fileOf = files == null ? Map.of() : files.files();
        List<Map<String, Object>> routes = new ArrayList<>();
        for (Route route : context.getRoutes()) {
            Map<String, Object> entry = state(route, Optional.ofNullable(statuses.get(route.getRouteId())));
            if (fileOf.containsKey(route.getRouteId())) {
                entry.put("file", fileOf.get(route.getRouteId()));
            }
            routes.add(entry);
        }
        return routes;
    }

    private Map<String, Object> state(Route route, Optional<RouteStatus> status) {
        String id = route.getRouteId();
        ServiceStatus camel = context.getRouteController().getRouteStatus(id);
        Optional<String> failure = files == null ? Optional.empty() : files.startFailure(id);
        if (watchdog != null) {
            failure = failure.or(() -> watchdog.verdict(id));
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", id);
        boolean off = files != null && files.isOff(id);
        if (off || !mayRun.test(route)) {
            entry.put("status", "UP");
            entry.put("state", "Disabled");
            entry.put(
                    "detail",
                    off
                            ? "not started: autoStartup is false in its file"
                            : "not started in this instance: source.enabled=false");
            return entry;
        }
        boolean up = failure.isEmpty() && status.map(RouteStatus::up).orElse(camel == ServiceStatus.Started);
        entry.put("status", up ? "UP" : "DOWN");
        entry.put("state", String.valueOf(camel));
        failure.or(() -> status.map(RouteStatus::detail)).ifPresent(detail -> entry.put("detail", detail));
        status.map(RouteStatus::figures)
                .filter(figures -> !figures.isEmpty())
                .ifPresent(figures -> entry.put("figures", figures));
        return entry;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
