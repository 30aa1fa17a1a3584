package io.github.scyllapgcdc.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.camel.Exchange;

/**
 * Reads the values of a request, has it served, and answers. A request that can't be served is answered with {@code error}: 400
 * for values that can't be read, are not known or make an {@link IllegalArgumentException}; else as the feature says.
 */
public final class JsonHttp {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Function<RuntimeException, Optional<Answer>> refusals;

    /** @param refusals the answer to a failure of the feature; empty for one that nobody foresaw, which is thrown on */
    public JsonHttp(Function<RuntimeException, Optional<Answer>> refusals) {
        this.refusals = refusals;
    }

    /**
     * Serves a request by the parameters of its address.
     *
     * @param known the names that it may have
     */
    public void parameters(Exchange exchange, Set<String> known, Function<Map<String, Object>, Answer> work) {
        answer(exchange, parameters(exchange), known, work);
    }

    /**
     * Serves a request by its body, a JSON object.
     *
     * @param known the names that it may have
     */
    public void body(Exchange exchange, Set<String> known, Function<Map<String, Object>, Answer> work) {
        answer(exchange, body(exchange), known, work);
    }

    /** Serves a request by its body, a JSON object whose names the work checks itself. */
    public void body(Exchange exchange, Function<Map<String, Object>, Answer> work) {
        Given given = body(exchange);
        answer(exchange, given, given.values().keySet(), work);
    }

    /**
     * The values of a JSON object.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Map<String, Object> values(String json) {
        try {
            Map<String, Object> values =
                    json == null || json.isBlank() ? null : JSON.readValue(json, new TypeReference<>() {});
            if (values == null) {
                throw new IllegalArgumentException("the body is empty: expected JSON of the form {\"name\": value}");
            }
            return values;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the body is not JSON of the form {\"name\": value}: " + e.getOriginalMessage(), e);
        }
    }

    /** What was given is either the request's values, or why they can't be read. */
    private record Given(Map<String, Object> values, String error) {}

    private void answer(Exchange exchange, Given given, Set<String> known, Function<Map<String, Object>, Answer> work) {
        Answer answer = answer(given, known, work);
        exchange.getMessage().removeHeaders("*"); // the request's would be the answer's
        exchange.getMessage().setBody(answer.body());
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, answer.code());
    }

    private Answer answer(Given given, Set<String> known, Function<Map<String, Object>, Answer> work) {
        if (given.error() != null) {
            return Answer.badRequest(given.error());
        }
        for (String name : given.values().keySet()) {
            if (!known.contains(name)) {
                return Answer.badRequest(
                        name + " is not known here: expected " + String.join(", ", new TreeSet<>(known)));
            }
        }
        try {
            return work.apply(given.values());
        } catch (IllegalArgumentException e) {
            return Answer.badRequest(e.getMessage());
        } catch (RuntimeException e) {
            return refusals.apply(e).orElseThrow(() -> e);
        }
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
        try {
            return new Given(values(exchange.getMessage().getBody(String.class)), null);
        } catch (IllegalArgumentException e) {
            return new Given(Map.of(), e.getMessage());
        }
    }
}
