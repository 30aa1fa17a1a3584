package io.github.scyllapgcdc.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.registry.RegistryException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
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

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterHttp.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DeadLetterRequests requests;

    public DeadLetterHttp(DeadLetterRequests requests) {
        this.requests = requests;
    }

    /** {@code GET /dlq}: the letters that the query's parameters mean. */
    public void list(Exchange exchange) {
        answer(exchange, parameters(exchange), Set.of("topic", "table", "error", "state", "limit"), given -> {
            return new Answer(OK, requests.list(LetterQuery.of(given)));
        });
    }

    /** {@code GET /dlq/letter?id=…}: one letter. */
    public void show(Exchange exchange) {
        answer(exchange, parameters(exchange), Set.of("id"), given -> {
            if (!(given.get("id") instanceof String id)) {
                throw new IllegalArgumentException("id is missing: GET /dlq has those of all letters");
            }
            return new Answer(OK, requests.show(id).orElseThrow(() -> new NoSuchLetterException(id)));
        });
    }

    /** {@code POST /dlq/replay}: the body is the query, {@code again} and {@code raw}. */
    public void replay(Exchange exchange) {
        answer(exchange, body(exchange), with("again", "raw"), given -> {
            Map<String, Object> report =
                    requests.replay(LetterQuery.of(given), flag(given, "again"), flag(given, "raw"));
            return new Answer(Integer.valueOf(0).equals(report.get("failed")) ? OK : CONFLICT, report);
        });
    }

    /** {@code POST /dlq/purge}: the body is the query, or {@code all}. */
    public void purge(Exchange exchange) {
        answer(exchange, body(exchange), with("all"), given -> {
            LetterQuery query = LetterQuery.of(given);
            if (query.meansAll() != flag(given, "all")) {
                throw new IllegalArgumentException(
                        query.meansAll()
                                ? "which letters? give ids, topic, table, error or state, or all=true"
                                : "all=true is refused together with ids, topic, table, error or state");
            }
            return new Answer(OK, requests.purge(query));
        });
    }

    private record Answer(int code, Map<String, Object> body) {}

    /** What was given is either the request's values, or why they can't be read. */
    private record Given(Map<String, Object> values, String error) {}

    private static void answer(
            Exchange exchange, Given given, Set<String> known, Function<Map<String, Object>, Answer> work) {
        Answer answer = answer(given, known, work);
        exchange.getMessage().removeHeaders("*"); // the request's would be the answer's
        exchange.getMessage().setBody(answer.body());
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, answer.code());
    }

    private static Answer answer(Given given, Set<String> known, Function<Map<String, Object>, Answer> work) {
        if (given.error() != null) {
            return failed(BAD_REQUEST, given.error());
        }
        for (String name : given.values().keySet()) {
            if (!known.contains(name)) {
                return failed(
                        BAD_REQUEST, name + " is not known here: expected " + String.join(", ", new TreeSet<>(known)));
            }
        }
        try {
            return work.apply(given.values());
        } catch (IllegalArgumentException e) {
            return failed(BAD_REQUEST, e.getMessage());
        } catch (NoSuchLetterException e) {
            return failed(NOT_FOUND, e.getMessage());
        } catch (CutShortException e) {
            String error = e.getMessage() + ", the same again goes on with the rest: " + away(e.getCause());
            return new Answer(UNAVAILABLE, Map.of("error", error, e.verb(), e.letters()));
        } catch (KafkaException | RegistryException e) {
            return failed(UNAVAILABLE, away(e));
        }
    }

    private static String away(Throwable server) {
        LOG.warn("Dead letters: a server failed: {}", server.getMessage());
        return server instanceof KafkaException
                ? "Kafka (kafka.bootstrap.servers) failed, try again: " + server.getMessage()
                : server.getMessage();
    }

    private static Answer failed(int code, String error) {
        return new Answer(code, Map.of("error", error));
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

    /** From the address itself: among the headers they would be mixed with those of HTTP. */
    private static Given parameters(Exchange exchange) {
        String query = exchange.getMessage().getHeader(Exchange.HTTP_QUERY, String.class);
        Map<String, Object> values = new LinkedHashMap<>();
        for (String parameter : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            try {
                values.put(
                        decoded(equals < 0 ? parameter : parameter.substring(0, equals)),
                        equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
            } catch (IllegalArgumentException e) {
                return new Given(Map.of(), "the parameter " + parameter + " is not encoded for an address");
            }
        }
        return new Given(values, null);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Given body(Exchange exchange) {
        String body = exchange.getMessage().getBody(String.class);
        try {
            Map<String, Object> values =
                    body == null || body.isBlank() ? null : JSON.readValue(body, new TypeReference<>() {});
            return values == null
                    ? new Given(Map.of(), "the body is empty: expected JSON, {} for no condition")
                    : new Given(values, null);
        } catch (JsonProcessingException e) {
            return new Given(Map.of(), "the body is not JSON of the form {\"name\": value}: " + e.getOriginalMessage());
        }
    }
}
