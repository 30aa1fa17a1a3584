package io.github.scyllapgcdc.deadletter;

import io.github.scyllapgcdc.http.Answer;
import io.github.scyllapgcdc.http.JsonHttp;
import io.github.scyllapgcdc.registry.RegistryException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean {@code deadLetters} of {@code routes/dead-letters.camel.yaml}: HTTP requests to {@link DeadLetterRequests}. An
 * answer is a map. A request that can't be served is answered with {@code error} and 400 (wrong), 404 (no such letter), 409
 * (refused) or 503 (a server is away).
 */
public final class DeadLetterHttp {
    /** The name of the bean. */
    public static final String BEAN = "deadLetters";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterHttp.class);

    private final DeadLetterRequests requests;
    private final JsonHttp http = new JsonHttp(DeadLetterHttp::refused);

    public DeadLetterHttp(DeadLetterRequests requests) {
        this.requests = requests;
    }

    /** {@code GET /dlq}: the letters that the query's parameters mean. */
    public void list(Exchange exchange) {
        http.parameters(
                exchange,
                Set.of("topic", "table", "error", "state", "limit"),
                given -> Answer.ok(requests.list(LetterQuery.of(given))));
    }

    /** {@code GET /dlq/letter?id=…}: one letter. */
    public void show(Exchange exchange) {
        http.parameters(exchange, Set.of("id"), given -> {
            if (!(given.get("id") instanceof String id)) {
                throw new IllegalArgumentException("id is missing: GET /dlq has those of all letters");
            }
            return Answer.ok(requests.show(id).orElseThrow(() -> new NoSuchLetterException(id)));
        });
    }

    /** {@code POST /dlq/replay}: the body is the query, {@code again} and {@code raw}. */
    public void replay(Exchange exchange) {
        http.body(exchange, with("again", "raw"), given -> {
            Map<String, Object> report =
                    requests.replay(LetterQuery.of(given), flag(given, "again"), flag(given, "raw"));
            return Integer.valueOf(0).equals(report.get("failed")) ? Answer.ok(report) : Answer.conflict(report);
        });
    }

    /** {@code POST /dlq/purge}: the body is the query, or {@code all}. */
    public void purge(Exchange exchange) {
        http.body(exchange, with("all"), given -> {
            LetterQuery query = LetterQuery.of(given);
            if (query.meansAll() != flag(given, "all")) {
                throw new IllegalArgumentException(
                        query.meansAll()
                                ? "which letters? give ids, topic, table, error or state, or all=true"
                                : "all=true is refused together with ids, topic, table, error or state");
            }
            return Answer.ok(requests.purge(query));
        });
    }

    private static Optional<Answer> refused(RuntimeException failure) {
        if (failure instanceof NoSuchLetterException) {
            return Optional.of(Answer.notFound(failure.getMessage()));
        }
        if (failure instanceof CutShortException cut) {
            String error = cut.getMessage() + ", the same again goes on with the rest: " + away(cut.getCause());
            return Optional.of(Answer.unavailable(error, Map.of(cut.verb(), cut.letters())));
        }
        return failure instanceof KafkaException || failure instanceof RegistryException
                ? Optional.of(Answer.unavailable(away(failure)))
                : Optional.empty();
    }

    private static String away(Throwable server) {
        LOG.warn("Dead letters: a server failed: {}", server.getMessage());
        return server instanceof KafkaException
                ? "Kafka (kafka.bootstrap.servers) failed, try again: " + server.getMessage()
                : server.getMessage();
    }

    private static Set<String> with(String... names) {
        Set<String> all = new TreeSet<>(LetterQuery.NAMES);
        all.addAll(List.of(names));
        return all;
    }

    private static boolean flag(Map<String, Object> given, String name) {
        Object value = given.get(name);
        if (value != null && !(value instanceof Boolean)) {
            throw new IllegalArgumentException(name + "=" + value + " is refused: expected true or false");
        }
        return Boolean.TRUE.equals(value);
    }
}
