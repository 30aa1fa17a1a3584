package io.github.scyllapgcdc.ops;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/**
 * The bean {@code health} of {@code routes/health.camel.yaml}: asks each server for a sign of life and each route for its
 * state.
 */
public final class Health implements AutoCloseable {
    /** A server that takes longer than this counts as down. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(6);

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final List<Server> servers;
    private final RouteStates routes;
    private final Supplier<Map<String, Object>> secrets;
    private final ExecutorService threads;

    /**
     * Asks nobody yet.
     *
     * @param secrets whether the credentials can be read again; that they can not is no reason to be down
     */
    public Health(List<Server> servers, RouteStates routes, Supplier<Map<String, Object>> secrets) {
        this.secrets = secrets;
        this.servers = List.copyOf(servers);
        this.routes = routes;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "health");
            thread.setDaemon(true);
            return thread;
        });
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
        List<RouteState> states = routes.all();
        Map<String, String> errors = routes.fileErrors();
        boolean loading = !routes.loaded();
        boolean up = !loading
                && errors.isEmpty()
                && dependencies.values().stream().allMatch(Health::isUp)
                && states.stream().allMatch(RouteState::up);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("status", up ? "UP" : "DOWN");
        if (loading) {
            report.put(
                    "detail",
                    routes.trouble().orElse("waiting for the servers; the tables' routes are not loaded yet"));
        }
        report.put("dependencies", dependencies);
        report.put("routes", states.stream().map(Health::entry).toList());
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
        long deadline = System.nanoTime() + ANSWER_LIMIT.toNanos();
        Map<String, Object> answers = new LinkedHashMap<>();
        for (Server server : servers) {
            answers.put(server.id(), answer(server, asked.get(server.id()), deadline - System.nanoTime()));
        }
        return answers;
    }

    private static Map<String, Object> answer(
            Server server, CompletableFuture<Map<String, Object>> asked, long nanosLeft) {
        try {
            return asked.get(nanosLeft, TimeUnit.NANOSECONDS);
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
        up.put("name", server.name());
        up.put("status", "UP");
        up.put("address", server.address());
        up.put("latencyMillis", Math.round((System.nanoTime() - start) / 10_000.0) / 100.0);
        return up;
    }

    private static Map<String, Object> down(Server server, String detail) {
        Map<String, Object> down = new LinkedHashMap<>();
        down.put("name", server.name());
        down.put("status", "DOWN");
        down.put("address", server.address());
        down.put("detail", detail);
        return down;
    }

    private static Map<String, Object> entry(RouteState route) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", route.id());
        entry.put("status", route.up() ? "UP" : "DOWN");
        entry.put("state", route.text());
        route.detail().ifPresent(detail -> entry.put("detail", detail));
        if (!route.figures().isEmpty()) {
            entry.put("figures", route.figures());
        }
        route.file().ifPresent(file -> entry.put("file", file));
        return entry;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
