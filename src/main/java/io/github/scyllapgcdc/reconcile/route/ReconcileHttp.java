package io.github.scyllapgcdc.reconcile.route;

import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.http.Answer;
import io.github.scyllapgcdc.http.JsonHttp;
import io.github.scyllapgcdc.reconcile.Difference;
import io.github.scyllapgcdc.reconcile.ReconcileRequest;
import io.github.scyllapgcdc.reconcile.Reconciliation;
import io.github.scyllapgcdc.reconcile.RunRefusedException;
import io.github.scyllapgcdc.reconcile.RunStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean {@code reconciliationHttp}: HTTP requests to {@link Reconciliation}. A request that can't be served is answered with
 * {@code error} and 400 (wrong), 404 (no such run), 409 (refused) or 503 (a server is away).
 */
public final class ReconcileHttp {
    /** The name of the bean. */
    public static final String BEAN = "reconciliationHttp";

    private static final int RUNS = 20;
    private static final int DIFFERENCES = 100;
    private static final int MOST = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileHttp.class);

    private final Reconciliation reconciliation;
    private final JsonHttp http = new JsonHttp(ReconcileHttp::refused);

    ReconcileHttp(Reconciliation reconciliation) {
        this.reconciliation = reconciliation;
    }

    /** {@code POST /reconcile}: begins a run; the body is what {@link ReconcileRequest#of} takes. */
    public void begin(Exchange exchange) {
        http.body(
                exchange,
                given -> Answer.accepted(RunView.of(reconciliation.begin(ReconcileRequest.of(given, Instant.now())))));
    }

    /** {@code GET /reconcile?table=…&limit=…}: the latest {@code runs}. */
    public void list(Exchange exchange) {
        http.parameters(exchange, Set.of("table", "limit"), given -> {
            TableId table = given.containsKey("table") ? TableId.parse(text(given, "table")) : null;
            List<RunStatus> runs = reconciliation.runs(table, limit(given, RUNS));
            return Answer.ok(Map.of("runs", runs.stream().map(RunView::of).toList()));
        });
    }

    /** {@code GET /reconcile/run?id=…}: one run. */
    public void show(Exchange exchange) {
        http.parameters(exchange, Set.of("id"), given -> {
            UUID id = run(given, "id");
            return reconciliation
                    .status(id)
                    .map(run -> Answer.ok(RunView.of(run)))
                    .orElseGet(() -> unknown(id));
        });
    }

    /** {@code GET /reconcile/differences?run=…&after=…&limit=…}: {@code differences} of one run, oldest first. */
    public void differences(Exchange exchange) {
        http.parameters(exchange, Set.of("run", "after", "limit"), given -> {
            UUID id = run(given, "run");
            if (reconciliation.status(id).isEmpty()) {
                return unknown(id);
            }
            List<Difference> differences = reconciliation.differences(
                    id, number(given, "after", 0, 0, Long.MAX_VALUE), limit(given, DIFFERENCES));
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("run", id.toString());
            answer.put("differences", differences.stream().map(RunView::of).toList());
            return Answer.ok(answer);
        });
    }

    /** {@code POST /reconcile/stop}: asks the run {@code id} to stop. */
    public void stop(Exchange exchange) {
        http.body(exchange, Set.of("id"), given -> {
            UUID id = run(given, "id");
            boolean asked = reconciliation.stop(id);
            Optional<RunStatus> run = reconciliation.status(id);
            if (asked) {
                return Answer.accepted(run.map(RunView::of).orElseGet(() -> Map.of("id", id.toString())));
            }
            return run.map(status -> Answer.conflict("run " + id + " of " + status.table()
                            + " is not under way in this instance: its state is "
                            + status.state().text()))
                    .orElseGet(() -> unknown(id));
        });
    }

    private static Optional<Answer> refused(RuntimeException failure) {
        if (failure instanceof RunRefusedException) {
            return Optional.of(Answer.conflict(failure.getMessage()));
        }
        return ErrorTaxonomy.classify(failure).map(known -> {
            String reason = ErrorTaxonomy.reason(failure);
            LOG.warn("Reconciliation: a server failed: {}", reason);
            return Answer.unavailable("a server failed, see /health: " + reason);
        });
    }

    private static Answer unknown(UUID id) {
        return Answer.notFound("there is no run " + id + ": GET /reconcile has the latest");
    }

    private static String text(Map<String, Object> given, String name) {
        Object value = given.get(name);
        return value == null ? "" : value.toString().strip();
    }

    private static UUID run(Map<String, Object> given, String name) {
        String text = text(given, name);
        if (text.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " is missing: expected the id of a run, as GET /reconcile has it");
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + "=" + text + " is refused: expected the id of a run, as GET /reconcile has it", e);
        }
    }

    private static int limit(Map<String, Object> given, int usual) {
        return Math.toIntExact(number(given, "limit", usual, 1, MOST));
    }

    private static long number(Map<String, Object> given, String name, long usual, long least, long most) {
        String text = text(given, name);
        if (text.isEmpty()) {
            return usual;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(name + "=" + text + " is refused: expected a number from " + least
                + (most == Long.MAX_VALUE ? " on" : " to " + most));
    }
}
